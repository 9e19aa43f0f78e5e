"""Between expressions and the API's filters: checking and lowering in one go, and back."""
