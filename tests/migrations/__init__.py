"""The files under migrations/, and what happens when they run."""
