"""What people do from the page, as events and as changes of the configuration (implements `gateway.ports`)."""
