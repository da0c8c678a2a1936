"""The command line: `textback` and its commands."""
