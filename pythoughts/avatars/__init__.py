"""The pictures of people: drawn for everybody, uploaded by whoever wants another."""
