"""Tests of the feed package."""
