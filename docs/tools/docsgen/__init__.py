"""Makes the pages and pictures of `docs` that come from the code, so that they cannot drift from it.

`make docs-files` writes them; a test makes them again and compares.
"""
