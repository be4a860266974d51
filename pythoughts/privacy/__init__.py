"""What people may ask about their data: all of it in one file, or that it goes."""
