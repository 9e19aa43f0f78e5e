"""One file for each law of the language; the trees, strategies and meaning here share no code with segdsl."""
