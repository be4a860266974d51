"""Posts and replies, which people call thoughts."""
