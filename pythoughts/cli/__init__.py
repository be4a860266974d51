"""The `pythoughts` command, one module per noun."""
