"""The database file: opened, migrated, written by one writer, mended when it is damaged."""
