"""Small makers of real rows: each returns what it made, committed."""
