"""Serving this machine: a socket that no other machine can reach, and a server on it that ends quietly."""
