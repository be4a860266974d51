"""Accounts: people, their credentials, sessions and verifications."""
