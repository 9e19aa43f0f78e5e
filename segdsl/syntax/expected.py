"""What could have stood in a text, in the words of a person: "a value", "`and`, `or` or the end"."""

from collections.abc import Set

from segdsl.syntax.refused import VALUES

_CONDITION = "a condition"
_GO_ON = "`and`, `or`"
_AFTER_A_CONDITION = ("a comparison", _GO_ON, "`)`", "the end")
_WORDS_FOR = [
    (frozenset(["NAME", "NOT", "LPAR"]), _CONDITION),
    (frozenset(["NUMBER", "STRING"]), "a value"),
    (frozenset(["NAME"]), "a name"),
    (frozenset(["LSQB", "LPAR"]), "a list such as `[1, 2]`"),
    (frozenset(["COMPARE", "IN"]), "a comparison"),
    (frozenset(["IN", "CONTAINS"]), "`in` or `contains`"),
    (frozenset(["COMPARE"]), "a comparison such as `==` or `<`"),
    (frozenset(["TRUE", "FALSE"]), "`true` or `false`"),
    (frozenset(["DATE"]), "a date such as 2026-01-31"),
    (frozenset(["DURATION", "ALL"]), "7d, 30d, 90d or all"),
    (frozenset(["PRODUCT"]), "`product` or `products`"),
    (frozenset(["STRING", "PARAMETER"]), "a product id in quotes"),
    (frozenset(["STRING"]), "a key in quotes"),
    (frozenset(["COMMA"]), "`,`"),
    (frozenset(["RSQB"]), "`]`"),
    (frozenset(["AND", "OR"]), _GO_ON),
    (frozenset(["AND"]), "`and`"),
    (frozenset(["RPAR"]), "`)`"),
    (frozenset(["DURING", "FROM"]), "a scope clause"),
    (frozenset(["$END"]), "the end"),
]
"""For each set of terminals that can come next, the words for it; the first that fits is said, and its set used up."""


def expected_words(expected: Set[str]) -> str:
    """The terminals that can come next as a person would say them."""
    left = set(expected)
    words: list[str] = []
    for terminals, word in _WORDS_FOR:
        if terminals <= left:
            words.append(word)
            left -= terminals | (VALUES if "NUMBER" in terminals else frozenset())
    if _CONDITION in words:
        return _CONDITION
    if _GO_ON in words:
        words = [word for word in words if word in _AFTER_A_CONDITION]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
