"""Calendars of other programs: fetched from a file, an address or a CalDAV server, and what they say of when somebody is busy."""
