"""Help with writing: what can come next, what a name means, all known names. Pure, and without a second grammar."""
