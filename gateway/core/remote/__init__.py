"""The telephones of the business's people as remote controls: what a text of theirs asks for, and the words that answer it."""
