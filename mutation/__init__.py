"""Mutation testing: puts small faults into the compiler and the sender, to see whether the tests notice them."""
