"""Tests of the avatars package."""
