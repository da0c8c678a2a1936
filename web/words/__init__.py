"""What the pages say: words for states, outcomes, settings; sentences of the records in Spanish."""
