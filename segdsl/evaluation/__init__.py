"""Evaluating a checked expression for users: true, false or unknown, and why."""
