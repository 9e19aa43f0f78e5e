"""What the playground of the docs and `segdsl studio` have in common, and the server of the latter."""
