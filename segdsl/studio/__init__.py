"""The session of the docs' playground and of `segdsl studio`, and the studio's server."""
