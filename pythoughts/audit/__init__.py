"""Who did what to whom: an append-only record of every act of staff, of the command line and of jobs."""
