"""Journeys in a real browser against real processes: web, worker, PostgreSQL and a mail server."""
