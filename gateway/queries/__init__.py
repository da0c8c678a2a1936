"""What the page, the status, the exports and the set-up read: SQL on read-only connections, rows out as `gateway.core.views`."""
