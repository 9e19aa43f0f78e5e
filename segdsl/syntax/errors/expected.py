"""What could come next in a text, in words."""

from collections.abc import Set

VALUES = frozenset(["NUMBER", "STRING", "PARAMETER", "TRUE", "FALSE", "DURATION", "DATE"])
CONNECTIVES = frozenset(["AND", "OR", "AMPERSANDS", "BARS"])


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
"""Sets of terminals that can come next, each with words for it. The first set that fits is used, then the rest."""


def expected_words(expected: Set[str]) -> str:
    """The terminals that can come next, in words: "a value", "`and`, `or` or the end"."""
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
