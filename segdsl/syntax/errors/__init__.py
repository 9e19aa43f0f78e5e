"""What is wrong with a text that is not an expression, in the words of a person who writes segments."""
