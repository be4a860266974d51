"""Tests of the answers for machines."""
