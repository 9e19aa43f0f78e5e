"""Mutation testing: small faults put into the compiler and the sender, to see whether the tests notice them."""
