"""Tests of the outgoing mail."""
