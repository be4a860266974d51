"""Tests of the preferences package."""
