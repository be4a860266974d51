"""`pythoughts import-v2`: people, credentials, choices and posts of Pythoughts v2."""
