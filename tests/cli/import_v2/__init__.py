"""Tests of the import from v2."""
