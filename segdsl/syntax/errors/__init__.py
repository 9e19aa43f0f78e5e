"""The errors of a text that is not an expression, in the words of people who write segments."""
