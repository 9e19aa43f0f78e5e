"""Help with writing: what can come next, what a name is, and the catalogue of names. Pure, and without a second grammar."""
