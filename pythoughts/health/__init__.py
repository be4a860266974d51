"""Whether the server is alive, able to serve, and how it is doing."""
