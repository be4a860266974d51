"""Assets: what the build makes of the sources."""
