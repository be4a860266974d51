"""What admins do to keep the machinery going: run a job or send a letter again, see whether mail arrives."""
