"""Pythoughts: a self-hosted community board, moderated from one desk."""

__version__ = "0.1.0"
