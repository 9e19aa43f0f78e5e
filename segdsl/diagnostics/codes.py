"""The one table of diagnostic codes: severity, meaning, a text that triggers it, and the fix.

The diagnostics reference is made from it, and a test runs every example.
"""

from typing import Literal

from msgspec import Struct


class Code(Struct, frozen=True):
    """What a code means. `example` is an expression (or, for `config` codes, a config) that gets it; `fix` is one that
    does not, or a sentence where no one text is the remedy."""

    severity: Literal["error", "warning"]
    meaning: str
    example: str
    fix: str
    place: Literal["expression", "config"] = "expression"


def _error(meaning: str, example: str, fix: str) -> Code:
    return Code("error", meaning, example, fix)


def _warning(meaning: str, example: str, fix: str) -> Code:
    return Code("warning", meaning, example, fix)


def _config(meaning: str, example: str, fix: str) -> Code:
    return Code("error", meaning, example, fix, "config")


_SEGMENT = '[[segment]]\nname = "A"\nwhere = "rating > 3"\n'

CODES: dict[str, Code] = {
    # ── reading the text ──────────────────────────────────────────────────────────────────────────────────────────
    "empty-expression": _error("There is nothing but blanks and comments.", "  # later", "rating > 3"),
    "unexpected-token": _error(
        "Something stands where something else was expected; the message says both.", "rating > > 3", "rating > 3"
    ),
    "unexpected-end": _error("The expression stops too early.", "rating > 3 and", "rating > 3 and sentiment < 0.2"),
    "unknown-character": _error("A character that the language does not use.", "rating > 3 ; isAdmin", "rating > 3"),
    "foreign-operator": _error(
        "An operator or word of another language; the help names this language's.", "plan = 'pro'", 'plan == "pro"'
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
        "A number that a double cannot hold faithfully: infinite, vanishing to 0, or a whole number beyond ±(2^53−1).",
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
    "too-long": _error("The text is longer than the limit.", "", "Say it in several segments, or with definitions."),
    "too-deep": _error("Parentheses and `not` are nested deeper than the limit.", "", "Take out what is not needed."),
    # ── what names and values mean ────────────────────────────────────────────────────────────────────────────────
    "near-miss": _error(
        "A name so close to a built-in one that it is probably a slip; as a user property it would silently mean "
        "something else.",
        "comercialIntent > 0.5",
        "commercialIntent > 0.5",
    ),
    "undeclared-property": _error(
        "Properties are declared, and this one is not among them.", "", "Declare the property, or correct the name."
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
    "not-allowed-value": _error(
        "The property is declared with a list of values, and this is none of them.",
        "",
        "Use one of the declared values.",
    ),
    "unbound-parameter": _error(
        "No value was given for this parameter.", "plan == $plan", "Give the parameter a value."
    ),
    "bad-parameter": _error(
        "The value given for a parameter cannot stand where the parameter stands.",
        "",
        "Give a value of the right form.",
    ),
    "unknown-definition": _error("No definition has this name.", "@engaged", "Define it, or correct the name."),
    "definition-cycle": _error("Definitions that use one another in a circle.", "", "Break the circle."),
    "scope-in-definition": _error(
        "A definition is a condition; scope clauses belong to the whole segment.", "", "Move the clause to the segment."
    ),
    # ── what the API can say ──────────────────────────────────────────────────────────────────────────────────────
    "not-expressible": _error(
        "The API has no rule for this, in any number of segments.", 'not company contains "x"', 'company contains "x"'
    ),
    "needs-split": _error(
        "One segment holds rules that must all hold; this needs several segments.",
        'plan == "pro" or seats > 10',
        'plan == "pro" and seats > 10',
    ),
    "too-many-segments": _error(
        "The expression needs more segments than the limit.", "", "Allow more segments, or say less at once."
    ),
    "never-matches": _error(
        "No user can match: parts contradict one another.",
        "sentiment > 0.7 and sentiment < 0.3",
        "0.3 < sentiment < 0.7",
    ),
    # ── warnings ──────────────────────────────────────────────────────────────────────────────────────────────────
    "out-of-scale": _warning("A threshold outside the metric's documented scale.", "sentiment > 60", "sentiment > 0.6"),
    "redundant": _warning(
        "A part that changes nothing, for another part implies it.", "rating > 1 and rating > 2", "rating > 2"
    ),
    "always-true": _warning(
        "A part that holds for every user who has the field; it is kept, for it says that the field is present.",
        "conversationCount >= 0",
        "conversationCount >= 1",
    ),
    "may-never-match": _warning(
        "Parts that contradict one another for a conversation property with one value; a user may have several.",
        'conversation.channel == "web" and conversation.channel == "slack"',
        'conversation.channel == "web"',
    ),
    "misleading-character": _warning(
        "An invisible character that changes the direction of text, so that it reads other than it is.",
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
    "duplicate-name": _config("Two segments with one name.", _SEGMENT + _SEGMENT, _SEGMENT),
    "no-segments": _config("A config that holds no segment.", '[define]\na = "rating > 3"\n', _SEGMENT),
}
