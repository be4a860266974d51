"""Finding posts by their words and people by their names."""
