"""The conversation with a caller: what is known, what is asked next, and in which lane the lead goes."""
