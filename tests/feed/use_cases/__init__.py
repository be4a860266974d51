"""Tests of what people do with posts."""
