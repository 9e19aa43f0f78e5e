"""The one table of diagnostic codes: severity, meaning, a text that triggers it, and the fix.

The diagnostics reference is made from it, and a test runs every example and every fix.
"""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct


class Code(Struct, frozen=True):
    """The meaning of a code. `example` is a text that gets it, and `fix` the same text without the fault.

    Both are expressions, with these values for their parameters. If `place` is config, they are whole configs in TOML;
    if it is sql, configs that are compiled to SQL for MySQL. If no other text has the same meaning, or an example would
    fill pages, `fix` is empty and `advice` says in a sentence what to do.
    """

    severity: Literal["error", "warning"]
    meaning: str
    example: str
    fix: str
    place: Literal["expression", "config", "sql"] = "expression"
    example_params: Mapping[str, Any] = {}
    fix_params: Mapping[str, Any] = {}
    advice: str = ""


def _error(meaning: str, example: str, fix: str) -> Code:
    return Code("error", meaning, example, fix)


def _warning(meaning: str, example: str, fix: str) -> Code:
    return Code("warning", meaning, example, fix)


def _config(meaning: str, example: str, fix: str) -> Code:
    return Code("error", meaning, example, fix, "config")


def _segment(where: str, name: str = "A") -> str:
    return f"[[segment]]\nname = \"{name}\"\nwhere = '{where}'\n"


def _sql(severity: Literal["error", "warning"], meaning: str, example: str, fix: str) -> Code:
    return Code(severity, meaning, example, fix, "sql")


def _source(columns: str, where: str) -> str:
    return f"[source.columns]\n{columns}\n\n{_segment(where)}"


_SEGMENT = _segment("rating > 3")

CODES: dict[str, Code] = {
    # ── reading the text ──────────────────────────────────────────────────────────────────────────────────────────
    "empty-expression": _error("The text holds only blanks and comments.", "  # later", "rating > 3"),
    "unexpected-token": _error(
        "Something else was expected here; the message names both.", "rating > > 3", "rating > 3"
    ),
    "unexpected-end": _error("The expression stops too early.", "rating > 3 and", "rating > 3 and sentiment < 0.2"),
    "unknown-character": _error("A character that the language does not use.", "rating > 3 ; isAdmin", "rating > 3"),
    "foreign-operator": _error(
        "An operator or word of another language; the help names the one to use here.", "plan eq 'pro'", 'plan == "pro"'
    ),
    "unterminated-string": _error("A string without its closing quote.", 'plan == "pro', 'plan == "pro"'),
    "bad-string": _error(
        "A string with an unknown escape, a raw line break or control character, or half a surrogate pair.",
        r'plan == "pr\o"',
        'plan == "pro"',
    ),
    "bad-number": _error(
        "A number in a form that JSON does not have: leading zeros, `_`, hexadecimal, a bare trailing point.",
        "seats > 007",
        "seats > 7",
    ),
    "number-out-of-range": _error(
        "A number that a double cannot hold faithfully: infinite, vanishing to 0, rounded to a whole number, or an "
        "integer beyond ±(2^53−1).",
        "seats > 9007199254740993",
        "seats > 9007199254740991",
    ),
    "bad-duration": _error(
        "A duration is a whole number from 1 without leading zeros and one of m, h, d, w; at most 36500 days.",
        "lastSeen within 0d",
        "lastSeen within 1d",
    ),
    "bad-date": _error(
        "A date is YYYY-MM-DD, or an RFC 3339 date-time with its offset; it must exist.",
        "rating > 3 from 2026-02-30",
        "rating > 3 from 2026-02-28",
    ),
    "bad-product": _error(
        "A product is a quoted UUID.",
        'rating > 3 for product "shoes"',
        'rating > 3 for product "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"',
    ),
    "bad-name": _error(
        "A word that cannot be a name here, or a key that the API does not take.", "user > 3", "user.age > 3"
    ),
    "bad-comparison": _error(
        "A comparison has one name and one literal: not two names, not two literals.", "seats > limit", "seats > 10"
    ),
    "bad-chain": _error(
        "A chained comparison runs one way: `low <= name < high`, or `high >= name > low`.",
        "0.3 <= sentiment > 0.1",
        "0.1 < sentiment <= 0.3",
    ),
    "empty-list": _error("A list needs at least one value.", "plan in []", 'plan in ["pro"]'),
    "repeated-clause": _error(
        "A scope clause (`during`, `from`, `to`, `for`) stands twice.",
        "rating > 3 during 7d during 30d",
        "rating > 3 during 7d",
    ),
    "empty-date-range": _error(
        "`from` is after `to`.", "rating > 3 from 2026-02-01 to 2026-01-01", "rating > 3 from 2026-01-01 to 2026-02-01"
    ),
    "too-long": Code(
        "error",
        "The text is longer than the limit.",
        "",
        "",
        advice="Say it in several segments, or with definitions.",
    ),
    "too-deep": Code(
        "error",
        "Parentheses and `not` are nested too deeply; the message names the limit.",
        "",
        "",
        advice="Remove unneeded parentheses and `not`s.",
    ),
    # ── what names and values mean ────────────────────────────────────────────────────────────────────────────────
    "near-miss": _error(
        "A name so close to a built-in one that it is probably a typo; as a user property it would silently mean "
        "something else.",
        "comercialIntent > 0.5",
        "commercialIntent > 0.5",
    ),
    "undeclared-property": _config(
        "Properties are declared, and this one is not among them: declare it, or correct the name.",
        '[properties]\nseats = "integer"\n\n' + _segment("seat > 10"),
        '[properties]\nseats = "integer"\n\n' + _segment("seats > 10"),
    ),
    "not-a-condition": _error(
        "A name that is neither true nor false by itself.", "sentiment and isAdmin", "sentiment > 0.5 and isAdmin"
    ),
    "wrong-operator": _error(
        "The field's kind does not have this operator.", 'sentiment contains "a"', "sentiment > 0.5"
    ),
    "wrong-type": _error(
        "The literal is not of the type that the field or operator takes.", 'sentiment > "high"', "sentiment > 0.8"
    ),
    "not-allowed-value": _config(
        "The property is declared with a list of values, and this value is not in it.",
        '[properties]\nplan = ["free", "pro"]\n\n' + _segment('plan == "prof"'),
        '[properties]\nplan = ["free", "pro"]\n\n' + _segment('plan == "pro"'),
    ),
    "unbound-parameter": Code(
        "error",
        "No value was given for this parameter.",
        "plan == $plan",
        "plan == $plan",
        fix_params={"plan": "pro"},
    ),
    "bad-parameter": Code(
        "error",
        "The value given for a parameter cannot stand where the parameter stands.",
        "lastSeen within $recent",
        "lastSeen within $recent",
        example_params={"recent": 7},
        fix_params={"recent": "7d"},
    ),
    "unknown-definition": _config(
        "No definition has this name: define it, or correct the name.",
        _segment("@engaged and rating > 3"),
        '[define]\nengaged = "conversationCount >= 5"\n\n' + _segment("@engaged and rating > 3"),
    ),
    "definition-cycle": _config(
        "Definitions that use one another in a circle.",
        '[define]\nactive = "@engaged"\nengaged = "conversationCount >= 5 and @active"\n\n' + _segment("@engaged"),
        '[define]\nactive = "lastSeen within 7d"\nengaged = "conversationCount >= 5 and @active"\n\n'
        + _segment("@engaged"),
    ),
    "scope-in-definition": _config(
        "A definition is a condition; scope clauses belong to the whole segment.",
        '[define]\nhappy = "sentiment > 0.8 during 30d"\n\n' + _segment("@happy and rating > 3"),
        '[define]\nhappy = "sentiment > 0.8"\n\n' + _segment("@happy and rating > 3 during 30d"),
    ),
    # ── what the API can say ──────────────────────────────────────────────────────────────────────────────────────
    "not-expressible": Code(
        "error",
        "The API has no rule for this, in any number of segments.",
        'not company contains "x"',
        "",
        advice="No other text means the same. Name the wanted values (`in`, `==`), or the others (`!=`, `not in`).",
    ),
    "needs-split": Code(
        "error",
        "One segment holds rules that must all hold; this needs several segments.",
        'plan == "pro" or seats > 10',
        "",
        advice="Allow several segments: `split = true` in a config, `--split` on the command line, in Python "
        "`segdsl.compile_all`.",
    ),
    "too-many-segments": _config(
        "Even with several segments allowed, the expression needs more than the limit of 16.",
        _segment("seats in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]") + "split = true\n",
        _segment("seats in [1, 2, 3, 4, 5, 6, 7, 8]")
        + "split = true\n\n"
        + _segment("seats in [9, 10, 11, 12, 13, 14, 15, 16, 17]", "B")
        + "split = true\n",
    ),
    "never-matches": _error(
        "No user can match: parts contradict one another.",
        "sentiment > 0.7 and sentiment < 0.3",
        "0.3 < sentiment < 0.7",
    ),
    # ── warnings ──────────────────────────────────────────────────────────────────────────────────────────────────
    "out-of-scale": _warning(
        "A threshold outside the metric's documented scale, or a comparison that no value on the scale meets.",
        "sentiment > 60",
        "sentiment > 0.6",
    ),
    "wildcard": _warning(
        "A text that begins or ends with `%` or `*`, or looks like a regular expression: the API has no patterns.",
        'company contains "%Acme%"',
        'company contains "Acme"',
    ),
    "text-order": _warning(
        "Texts are compared in alphabetical order: not as numbers, versions or ranks. Dates written as 2026-01-31 keep "
        "their order.",
        'firmware >= "3.10.2"',
        'firmware == "3.10.2"',
    ),
    "quoted-literal": _warning(
        "A number or boolean in quotes is a text, which never equals a number or boolean. Nor does 1 equal true.",
        'seats == "5"',
        "seats == 5",
    ),
    "outer-blank": _warning(
        "A text with a blank at its start or end, which counts.", 'plan == "pro "', 'plan == "pro"'
    ),
    "list-in-text": _warning(
        "One text with commas that is probably several values: codes, single words, or values of the same property.",
        'country != "DE,AT"',
        'country not in ["DE", "AT"]',
    ),
    "list-property": _warning(
        "`contains` with one value of a property that is probably a list: the API compares no lists.",
        'tags contains "vip"',
        "isVip",
    ),
    "operator-as-name": _warning(
        "`is` as the name of a property after another comparison: the name before it was probably meant again.",
        "seats > 5 and is < 20",
        "seats > 5 and seats < 20",
    ),
    "thousands-mark": _warning(
        "A number that many countries would read as thousands; a point is the decimal point.",
        "seats > 25.000",
        "seats > 25000",
    ),
    "comma-in-number": _warning(
        "A comma between digits in a list whose other commas have a blank after them: it separates values, and marks "
        "neither thousands nor decimals.",
        "seats not in [1,500, 2,600]",
        "seats not in [1500, 2600]",
    ),
    "minutes": _warning(
        "A time ago of at most 12 minutes: `m` is a minute, and people write `6m` for six months, which are `180d`.",
        "lastSeen before 6m",
        "lastSeen before 180d",
    ),
    "left-out": _warning(
        "`is not true` holds only for users who have the field, unlike in SQL: users who lack it are left out.",
        "isAdmin is not true",
        "isAdmin != true",
    ),
    "misplaced-clause": _warning(
        "A scope clause where no condition is about conversations, or after a date, as if it were the end of a range: "
        "scope clauses only choose conversations.",
        'plan == "pro" during 30d',
        'plan == "pro" and conversationCount >= 1 during 30d',
    ),
    "two-periods": _warning(
        "`during` together with `from` or `to`: it is not documented whether the API takes one of them or both.",
        "rating < 3 during 7d from 2026-01-01 to 2026-01-31",
        "rating < 3 from 2026-01-01 to 2026-01-31",
    ),
    "redundant": _warning(
        "A part that changes nothing, because another part implies it.", "rating > 1 and rating > 2", "rating > 2"
    ),
    "always-true": _warning(
        "A part that holds for every user who has the field; it is kept because it requires the field.",
        "conversationCount >= 0",
        "conversationCount >= 1",
    ),
    "may-never-match": _warning(
        "Parts that contradict one another for a conversation property with one value; a user may have several.",
        'conversation.channel == "web" and conversation.channel == "slack"',
        'conversation.channel == "web"',
    ),
    "misleading-character": _warning(
        "A character that makes people misread a text: it changes the direction, is invisible, or looks like a blank.",
        'plan == "\u202epro"',
        'plan == "pro"',
    ),
    # ── config files ──────────────────────────────────────────────────────────────────────────────────────────────
    "unreadable-config": _config(
        "The file is missing, not UTF-8, or not valid TOML, YAML or JSON.", "[[segment]\n", _SEGMENT
    ),
    "unknown-key": _config(
        "A key that a config does not have.", _SEGMENT + 'icn = "Users"\n', _SEGMENT + 'icon = "Users"\n'
    ),
    "missing-key": _config("A key that every segment or example needs.", '[[segment]]\nname = "A"\n', _SEGMENT),
    "wrong-value": _config(
        "A value of the wrong type or over its limit.", _SEGMENT + "split = 1\n", _SEGMENT + "split = true\n"
    ),
    "duplicate-name": _config(
        "Two segments with one name; or one name with different values in files that are included together.",
        _SEGMENT + _SEGMENT,
        _SEGMENT,
    ),
    "hiding-comment": _config(
        "A comment that goes on to the next line of the file and hides the part of the expression there: a backslash "
        "in TOML, or a folded or quoted scalar in YAML, joins the lines.",
        '[[segment]]\nname = "A"\nwhere = """\nplan == "pro"  # paying \\\n  and seats > 5"""\n',
        '[[segment]]\nname = "A"\nwhere = """\nplan == "pro"  # paying\n  and seats > 5"""\n',
    ),
    "ambiguous-value": Code(
        "warning",
        "A value in an example that YAML reads differently than people do: `NO` is false, and `0123` is 83.",
        "",
        "",
        "config",
        advice="Put it in quotes, which makes it a string, or write `false` and 83.",
    ),
    "bad-include": _config(
        "A file that cannot be included: it is missing, outside the repository, or includes the file that includes it.",
        'include = ["nowhere.toml"]\n\n' + _SEGMENT,
        _SEGMENT,
    ),
    "no-segments": _config(
        "A config without segments: `plan` and `push` need some.",
        '[define]\na = "rating > 3"\n',
        _SEGMENT,
    ),
    # ── SQL ───────────────────────────────────────────────────────────────────────────────────────────────────────
    "unmapped-field": _sql(
        "error",
        "A field for which `[source]` names no column.",
        _source('seats = "n_seats"', "seat > 3"),
        _source('seats = "n_seats"', "seats > 3"),
    ),
    "unfit-column": _sql(
        "error",
        "A column of unknown type, or of a type that the field cannot have.",
        _source('seats = "n_seats"', 'seats > 3 or seats == "many"'),
        _source('seats = { column = "n_seats", type = "integer" }', 'seats > 3 or seats == "many"'),
    ),
    "not-in-dialect": _sql(
        "error",
        "This SQL engine cannot express the condition with the same meaning.",
        _source('lastSeen = { column = "seen", type = "rfc3339" }', "lastSeen within 7d"),
        _source('lastSeen = { column = "seen_at", type = "timestamp" }', "lastSeen within 7d"),
    ),
    "scope-not-applied": _sql(
        "warning",
        "A scope clause says which conversations count, but a table with one row for each user holds no conversations.",
        _source('rating = "avg_rating"', "rating > 3 during 30d"),
        _source('rating = "avg_rating"', "rating > 3"),
    ),
}
