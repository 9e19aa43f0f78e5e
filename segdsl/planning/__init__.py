"""A config and an account: what a push would create, the push, and the account as a config.

All modules except `account` are pure, and callers pass in the clients, so nothing here opens a socket.
"""
