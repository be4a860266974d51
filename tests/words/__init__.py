"""Tests of the watched words."""
