"""Care of the data: backups, what is put back from one, and how long things are kept."""
