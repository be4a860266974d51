"""What an admin may set while the server runs: a typed registry, its overrides, and who wins."""
