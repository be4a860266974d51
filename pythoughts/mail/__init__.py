"""Outgoing mail: queued as rows with the change that causes it, written and sent by a job."""
