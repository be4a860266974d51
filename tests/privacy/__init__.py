"""Tests of people's data as a whole."""
