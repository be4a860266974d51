"""What happened on each day, counted by a job, for the first page of the back office."""
