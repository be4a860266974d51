"""Leaves that reach outside: mail servers, password hashing, the embedded database. They know no feature."""
