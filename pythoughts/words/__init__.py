"""Watched words: what staff do not want to read, or want to look at first."""
