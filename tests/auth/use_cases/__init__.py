"""Tests of what is done with accounts."""
