"""Words, signs and characters of other languages, each with what this one says instead: tables only."""

_ABSENCE = "to ask for users who have the field at all, use two conditions such as `seats < 1 or seats >= 1`"
_ALONE = "write the condition alone"

FOREIGN_WORDS: dict[str, tuple[str, str]] = {
    "null": ("there is no `null`", f"a condition on a field that a user lacks never holds; {_ABSENCE}"),
    "like": ("there is no `like`", "use `contains`, for text anywhere in a value"),
    "equals": ("there is no `equals`", "use `==`"),
    "is_null": ("there is no `is_null`", _ABSENCE),
    "exists": ("there is no `exists`", _ABSENCE),
    "nan": ("`NaN` is not a number", "use a finite number"),
    "infinity": ("infinity is not a number here", "leave the bound out"),
    "xor": ("there is no `xor`", "write `(a and not b) or (b and not a)`"),
    "where": ("an expression begins without `where`", _ALONE),
    "having": ("there is no `having`", _ALONE),
    "select": ("there is no `select`", _ALONE),
    "if": ("there is no `if`", _ALONE),
    "when": ("there is no `when`", _ALONE),
    "then": ("an expression has no `then`", _ALONE),
    "has": ("there is no `has`", "use `contains`, or the name alone for a boolean"),
    "after": ("there is no `after`", "for when a user was last seen, use `lastSeen within 7d`"),
    **{word: (f"there is no `{word}`", f"use `{sign}`") for word, sign in (
        ("eq", "=="), ("ne", "!="), ("neq", "!="), ("gt", ">"), ("lt", "<"), ("ge", ">="), ("gte", ">="),
        ("le", "<="), ("lte", "<="), ("includes", "contains"), ("include", "contains"), ("nin", "not in"),
    )},
}  # fmt: skip
"""What is wrong with the word, and what to write."""

SAME_WORDS = {
    "none": "null", "nil": "null", "undefined": "null", "ilike": "like", "matches": "like", "startswith": "like",
    "starts_with": "like", "endswith": "like", "ends_with": "like", "regex": "like", "rlike": "like",
    "equal": "equals", "inf": "infinity", "since": "after",
}  # fmt: skip
"""Words for which what is said of another one is true."""

NUMBER_WORDS = frozenset(["nan", "infinity", "inf"])

FOREIGN_SIGNS = {
    "===": "use `==`", "!==": "use `!=`", "=!": "use `!=`", "=<": "use `<=`", "=>": "use `>=`",
    ":": "use `==`, or `contains` for text inside a value", "&": "use `and`", "|": "use `or`",
    "=~": "use `contains`", "~=": "use `contains`",
    "~": "use `not`, or `contains`", "<=>": "use `==`",
    "≥": "use `>=`", "≤": "use `<=`", "≠": "use `!=`", "∧": "use `and`", "∨": "use `or`", "¬": "use `not`",
    "∈": "use `in`",
    **dict.fromkeys("*/+-^", "there is no arithmetic"),
    "%": "there is no arithmetic; 30 % is written `0.3`",
    "?": "there is no `? :`; use `and`, `or` and `not`",
}  # fmt: skip

FOREIGN_CHARACTERS = {
    **dict.fromkeys("“”„«»", 'write straight quotes: "…"'),
    **dict.fromkeys("‘’‚", "write straight quotes: '…'"),
    "`": 'a name is written without quotes, or as `user["…"]`',
    "{": "a list is written with `[ ]`",
    "}": "a list is written with `[ ]`",
    ";": "join conditions with `and` or `or`",
}

UNITS = frozenset("m h d w y ms s sec second min minute mo month hr hour day week wk yr year".split())
"""Units of time, without the s of the plural."""
