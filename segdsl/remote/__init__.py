"""Talking to the server: the key, the endpoint, retries, and the create that is made once.

All modules except `transport` are pure or sans-IO; only `transport` imports httpx, and `client` joins the two.
"""
