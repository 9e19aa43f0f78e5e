"""A config beside an account: what a push would create, what it did create, and the account as a config.

Everything but `account` is pure; the clients are handed in, so nothing here knows of sockets.
"""
