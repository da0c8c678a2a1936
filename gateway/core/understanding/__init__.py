"""Reading a customer's text: what is wanted, how urgent it is, and which facts it gives."""
