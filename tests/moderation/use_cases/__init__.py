"""Tests of what members and staff do in moderation."""
