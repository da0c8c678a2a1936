"""Who is told of an emergency, in which order, until one of them says that he has it."""
