"""Help with writing: what can come next, what a name is, which names there are. Pure, and without a second grammar."""
