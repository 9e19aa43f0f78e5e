"""A config and an account: what a push would create, the push, and the account as a config.

All modules but `account` are pure, and the clients are handed in, so nothing here opens a socket.
"""
