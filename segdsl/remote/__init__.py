"""Talking to the server: the key, the endpoint, retries, and the create that is made once.

Everything but `transport` is pure or sans-IO; `transport` alone imports httpx, and `client` puts the two together.
"""
