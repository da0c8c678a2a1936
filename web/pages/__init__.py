"""The pages, a module each: what is read for it, drawn and posted."""
