"""What the guard tests look with: each finds violations and returns them as lines to read."""
