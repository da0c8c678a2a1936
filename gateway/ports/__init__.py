"""What one part of the box expects of another, said where both may see it; a module for each part that keeps such a promise."""
