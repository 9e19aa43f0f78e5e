"""Expressions for each diagnostic code that is about one: what people write, and what the compiler then says."""

from typing import Any, NamedTuple

import segdsl
from segdsl.diagnostics import Diagnostic
from segdsl.environment import check
from segdsl.limits import MAX_CONDITIONS, MAX_NESTING, MAX_SEGMENTS, MAX_TEXT_LENGTH


class Case(NamedTuple):
    """One expression with its environment; `title` replaces a long one."""

    text: str
    title: str = ""
    schema: segdsl.Schema | None = None
    params: dict[str, Any] | None = None
    definitions: dict[str, str] | None = None
    split: bool = False

    @property
    def label(self) -> str:
        return self.title or self.text

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        limit = MAX_SEGMENTS if self.split else None
        return check(self.text, self.schema, self.params, self.definitions, max_segments=limit or 1)


def with_schema(text: str, schema: segdsl.Schema) -> Case:
    declared = ", ".join([*(schema.properties or ()), *(schema.conversation_properties or ())])
    return Case(text, f"{text}   with {declared or 'nothing'} declared", schema=schema)


def with_params(text: str, **params: Any) -> Case:
    return Case(text, f"{text}   with {params!r}" if params else "", params=params)


def with_definitions(text: str, **definitions: str) -> Case:
    listed = ", ".join(f"@{name}: {definition}" for name, definition in definitions.items())
    return Case(text, f"{text}   with {listed}", definitions=definitions)


def split(text: str, title: str = "") -> Case:
    return Case(text, title, split=True)


PLANS = segdsl.Schema(
    properties={"plan": ["free", "pro", "enterprise"], "seats": "integer", "company": "string", "isAdmin": "boolean"},
    conversation_properties={"channel": ["web", "slack"]},
)
MANY = segdsl.Schema(properties={f"key{number}": "number" for number in range(1, 10)})
NONE = segdsl.Schema(properties={}, conversation_properties={})
UUID = '"182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"'

EXPRESSIONS: dict[str, list[str | Case]] = {
    "empty-expression": ["", " \t\r\n", "# later"],
    "unexpected-token": [
        # nothing but a comparison was begun
        ")", "rating > > 3", "plan == == 5", "and plan", "not and plan", "[a]", "plan == 5 and )", "(plan == 5 or)",
        # one name, not followed by a comparison
        'plan "pro"', "seats 5", "isAdmin true", 'user["2fa"] true', "plan pro",
        "plan (a or b)", "plan all", "plan, seats",
        # half a comparison
        "plan == (5)", "plan == [1, 2]", 'plan contains ["a", "b"]', "plan == @engaged",
        'plan in "pro"', "plan in 5", "plan not in pro",
        "plan between 1, 5", "plan between 1 to 5", "plan between 1 < 5", "plan between (1, 5)",
        "lastSeen within (7d)", "not == 1", "5 < and plan", "5 <= seats not 7",
        # a whole comparison, and something that joins nothing
        "seats > 5 6", "seats > 5 seats < 9", "a == 1 andb == 2", "a == 1 (b == 2)", "a == 1 not b", "a, b",
        'plan == "a", "b"', 'plan != "a" && != "b"', "seats > 5 and < 9", "seats > 5 and between 1 and 2",
        "plan == 5 of", "a == 1 @b",
        # lists and keys
        "plan in [,]", "plan in [1 2]", "plan in [1,, 2]", "plan in [1)", "plan in (1]", "plan in [[1]]",
        "plan[0] == 1", "plan[] == 1", "user[plan] == 1", 'user["a" == 1',
        # brackets
        "a or b)", "a]", "(a and (b or c)) or d)", "(a ]", "(plan in )", "(rating > 3 during 7d)",
        # scope clauses
        "rating > 3 during 7d and isAdmin", "rating > 3 during 7d or isAdmin", "rating > 3 during 7d isAdmin",
        "rating > 3 from yesterday", f"rating > 3 for {UUID}", f"rating > 3 for products {UUID} {UUID}",
        "rating > 3 during )", "rating > 3 to 2026-01-01 2026-01-02",
    ],
    "unexpected-end": [
        "not", "!", "(", "plan ==", "5 <", "5 <= seats <", "plan and", "plan ||", "plan in", "plan in [", "plan in [1",
        "plan in (1,", "plan not", "plan not in", "plan not contains", "plan contains", "plan is", "plan is not",
        "plan between", "plan between 1", "plan between 1 and", "lastSeen within", "lastSeen before", "user[",
        'user["a"', "(a or b", "((a)", "a and (b or", "(a\n and b\n", "rating > 3 during", "rating > 3 from",
        "rating > 3 to", "rating > 3 for", "rating > 3 for product", "plan ==   # the plan\n",
    ],
    "unknown-character": [
        "rating > 3 ; isAdmin", "`plan` == 1", "“plan” == 1", "plan == “pro”", "plan == ‘pro’", "plan IN {'a'}",
        "größe > 5", "seats > ١٢", "plan\u00a0== 1", "\ufeffplan", "plan == 1\u200b", "a \\ b",
        "日本 == 1", "plan == 😀", "plan\0 == 1", "\u202eplan == 1",
    ],
    "foreign-operator": [
        "plan === 1", "plan !== 1", "plan =! 1", "seats =< 5", "seats => 5",
        "seats <=> 5", "seats >>> 5", "seats !=< 5", "a & b", "a | b", "a &&& b", "a ||| b", "~a", "¬a", "a ∧ b",
        "a ∨ b",
        "seats ≥ 5", "seats ≤ 5", "seats ≠ 5", "plan ∈ [1]", "plan:pro", "plan: 'pro'", "plan =~ 'x'", "plan ~= 'x'",
        "plan !~ 'x'", "plan ~ 'x'", "seats + 1 > 5", "seats - 1 > 5", "seats * 2 > 5", "seats / 2 > 5",
        "seats % 2 == 0",
        "seats ^ 2 > 5", "a ? b : c",
        "plan eq 'pro'", "plan ne 'pro'", "plan neq 'pro'", "seats gt 5", "seats lt 5", "seats ge 5", "seats gte 5",
        "seats le 5", "seats lte 5", "plan equals 'pro'", "plan Equal 'pro'", "plan includes 'x'", "plan include 'x'",
        "plan nin ['x']", "plan like '%x%'", "plan ILIKE '%x%'", "plan not like 'x'", "plan matches 'x'",
        "plan startsWith 'x'", "plan ends_with 'x'", "plan regex 'x'", "plan rlike 'x'", "plan == null",
        "plan is not null", "plan == None", "plan != nil", "plan == undefined", "plan is_null", "plan exists",
        "plan has 'x'", "a xor b", "where plan == 'pro'", "having seats > 5", "select plan", "if a then b", "when a",
        "a then b", "lastSeen after 7d", "lastSeen since 2026-01-01", "exists plan",
        "plan !in ['a']", "plan == !5", "exists(plan)", "rating between 1 && 4",
        "lastSeen not within 7d", "lastSeen not before 7d", "plan is in ['a']", "plan is not in ['a']",
        "plan is not contains 'a'", "size(plan) > 5", "channel == all", "plan not 5", "plan in [all, pro]",
    ],
    "unterminated-string": [
        'plan == "pro', "plan == 'pro and seats > 5", 'plan == "pro\n"', 'plan == "pro\\"', "plan == \"pro'",
    ],
    "bad-string": [
        r'plan == "pr\o"', r'plan == "\u12"', r'plan == "\ud83d"', r'plan == "\ude00\ud83d"', 'plan == "\ud83d"',
        "plan == 'it''s'", 'plan == "a\0b"', 'plan == "a\x85b"', r'plan in ["ok", "\x41"]', r'user["\q"] == 1',
        Case(r'plan == "\ud83d\ud83d\ude00"', "two halves of one kind"),
    ],
    "bad-number": [
        "seats > 007", "seats > 1_000", "seats > 1,000", "seats > 1,000,000", "seats > 0x10", "seats > 0b1",
        "seats > 5.",
        "seats > 1e", "seats > 5k", "seats > 1.2.3", "seats > 5-3", "seats > 5+3",
        "seats > -x", "seats == NaN", "seats < Infinity", "seats < -Infinity", "seats < inf", "2fa == true",
        "seats > 1and plan", "seats > " + "9" * 60 + "x", "plan == €5", "seats > 50%",
    ],
    "number-out-of-range": [
        "seats > 9007199254740993", "seats > -9007199254740992", "seats > 1e999", "seats > -1e999", "seats > 1e-999",
        "seats > 9007199254740993.0", "rating >= 0.99999999999999999999", "id == " + "9" * 60, "seats in [1, 1e400]",
        "conversationCount > 9007199254740991",
        "conversationCount != 9007199254740991", with_schema("seats >= 9007199254740991", PLANS),
    ],
    "bad-duration": [
        "lastSeen within 0d", "lastSeen within 07d", "lastSeen within 1.5d", "lastSeen within 7D",
        "lastSeen within 7days",
        "lastSeen within 7 days", "lastSeen within 2 Weeks", "lastSeen within 7s", "lastSeen within week",
        "lastSeen within 36501d", "lastSeen within 99999999999999999w", "rating > 3 during 5d",
        "rating > 3 during week",
        "rating > 3 during 7 days", "rating > 3 during 'all'",
    ],
    "bad-date": [
        "rating > 3 from 2026-02-30", "rating > 3 from 2026-1-1", "rating > 3 from 2026-01-01T00:00",
        "rating > 3 from 2026-01-01T25:00:00Z", 'rating > 3 from "2026-01-01"', "rating > 3 to 7d", "rating > 3 from 5",
        "rating > 3 from true", "plan == 2026-01", "rating > 3 to 2026-13-45T00:00:00Z",
    ],
    "bad-product": [
        "rating > 3 for product true", 'rating > 3 for product "shoes"', "rating > 3 for product shoes",
        "rating > 3 for product 5",
        "rating > 3 for product 182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e", f"rating > 3 for products {UUID}, 'shoes'",
        f"rating > 3 for products {UUID}, shoes", "rating > 3 for product " + '"' + "x" * 60 + '"',
    ],
    "bad-name": [
        "total seats > 5", "conversation count > 5", 'the plan is "pro"',
        "user > 3", "conversation", "user", "USER.x == 1", "Conversation.channel == 1",
        "and", "from", "isAdmin and contains", "5 == from", "products or all",
        'user[""] == 1', 'user["a b"] == 1', 'user["größe"] == 1', 'plan["x"] == 1', 'User["x"] == 1',
        "a..b == 1", "a. == 1", ".a == 1", "--x == 1", "plan == $", "plan == $1", "plan == $a.b", "@", "@a.b", "@1",
        "5 < and",
    ],
    "bad-comparison": [
        "seats > limit", "plan == pro", "plan is pro", "seats > user.limit", "plan in [pro]", "plan in ['a', pro]",
        "plan contains pro", "seats between low and 5", "5 < 6", "'plan' == 'pro'", "'plan' == 5", "true == true",
        "$a == 5", "5", "'pro'", "true", "not true", "$plan", "7d", "2026-01-01", "5 and plan", "plan == 'a' or 'b'",
        "plan contains 'a' and 'b'", "'pro' in plan", "'x' contains plan", "5 between 1 and 9", "plan or 5",
        "plan == " + "p" * 60,
    ],
    "bad-chain": [
        "0.3 <= sentiment > 0.1", "5 > seats < 9", "5 == seats == 5", "5 != seats < 9", "plan == 5 == 5",
        "5 < seats < 9 < 10", "5 < seats == 7", "(a) == 5", "isAdmin == true == false", "plan in [1] == true",
        "@engaged == true",
    ],
    "empty-list": ["plan in []", "plan not in ()", "plan in [ # none\n ]"],
    "repeated-clause": [
        "rating > 3 during 7d during 30d", "rating > 3 from 2026-01-01 from 2026-01-02",
        "rating > 3 to 2026-01-01 during 7d to 2026-01-01", f"rating > 3 for product {UUID} for products {UUID}",
    ],
    "empty-date-range": [
        "rating > 3 from 2026-02-01 to 2026-01-01", "rating > 3 to 2026-01-01 from 2026-02-01",
        "rating > 3 from 2026-01-01T00:00:01Z to 2026-01-01",
        with_params("rating > 3 from $start to 2026-01-01", start="2026-02-01"),
    ],
    "too-long": [
        Case("a" * (MAX_TEXT_LENGTH + 1), "a name longer than the limit"),
        Case(" " * (MAX_TEXT_LENGTH + 1), "blanks beyond the limit"),
        Case(
            " and ".join(["@many"] * 300),
            "a definition of 100 conditions, used 300 times",
            definitions={"many": " and ".join(f"a{number}" for number in range(MAX_CONDITIONS // 200))},
        ),
    ],
    "too-deep": [
        Case("(" * (MAX_NESTING + 1), "one parenthesis too many"),
        Case("not " * (MAX_NESTING + 1) + "a", "one `not` too many"),
        Case("\n".join(["(!"] * MAX_NESTING) + "a" + ")" * MAX_NESTING, "both, over many lines"),
    ],
    "near-miss": [
        "comercialIntent > 0.5", "commercial_intent > 0.5", "CQI > 50", "last_seen within 7d", "lastSeens within 7d",
        "conversation_count > 5", "conversationsCount > 5", "jailbreakdetected", "not jailBreakDetected",
        "sentimnt in [1]", "0.1 < setniment < 0.5", "ratings between 1 and 2",
        with_schema("comercialIntent > 0.5", PLANS),
    ],
    "undeclared-property": [
        with_schema("seat > 5", PLANS), with_schema("user.Plan == 'pro'", PLANS), with_schema("color == 'red'", PLANS),
        with_schema("color == 'red'", MANY), with_schema("color == 'red'", NONE),
        with_schema("conversation.chanel == 'web'", PLANS), with_schema("conversation.x == 'web'", NONE),
        with_schema('user["x-y"]', PLANS),
    ],
    "not-a-condition": [
        "sentiment and isAdmin", "not cqi", "rating", "conversationCount or isAdmin", "lastSeen",
    ],
    "wrong-operator": [
        'sentiment contains "a"', "sentiment within 7d", "conversationCount contains 'a'",
        "conversationCount before 7d",
        "jailbreakDetected > true", "jailbreakDetected in [true]", "jailbreakDetected contains 'x'",
        "jailbreakDetected between 1 and 2", "1 < jailbreakDetected < 2", "lastSeen < 7d", "lastSeen >= 7d",
        "7d > lastSeen", "lastSeen > 2026-01-01", "lastSeen <= '2026-01-01'", "2026-01-01 < lastSeen",
        "lastSeen == 7d", "lastSeen between 1d and 7d", "1d < lastSeen < 7d", "lastSeen in [7d]", "plan within 7d",
        "conversation.x before 7d", "sentiment not contains 'a'",
    ],
    "wrong-type": [
        'sentiment > "high"', "sentiment == true", "sentiment is true", "rating > 7d", "rating > 2026-01-01",
        "sentiment in [0.5, 'low']", "sentiment between 'a' and 5", "0.1 < sentiment < 'b'", "'a' < sentiment",
        "conversationCount > 1.5", "conversationCount in [1, 2.5]", "conversationCount == true",
        "jailbreakDetected == 1", "jailbreakDetected == 'true'", "jailbreakDetected != 7d", "lastSeen within 7",
        "lastSeen within '7d'", "lastSeen before 2026-01-01", "lastSeen within true", "plan > true",
        "conversation.x <= false", "true < plan < 5", "plan contains 5", "plan contains 0.5", "plan contains true",
        "plan contains 7d", "plan not contains 5", "plan == 7d", "plan != 2026-01-01", "plan in [1, 7d]", "plan > 7d",
        with_schema("seats == 'ten'", PLANS), with_schema("seats > 1.5", PLANS),
        with_schema("seats contains '1'", PLANS),
        with_schema("plan == 5", PLANS), with_schema("plan", PLANS), with_schema("isAdmin == 'yes'", PLANS),
        with_schema("company is true", PLANS), with_schema("key1 == 'x'", MANY),
    ],
    "not-allowed-value": [
        with_schema("plan == 'prof'", PLANS), with_schema("plan in ['pro', 'gold']", PLANS),
        with_schema("conversation.channel != 'email'", PLANS),
        with_schema("x == 'e'", segdsl.Schema(properties={"x": [f"value {number}" for number in range(10)]})),
    ],
    "unbound-parameter": [
        "plan == $plan", "plan in $plans", "plan in ['a', $b]", "$low <= seats < $high", "lastSeen within $recent",
        "rating > 3 during $period from $start to $end for product $shop", with_params("plan == $pla", plan="pro"),
    ],
    "bad-parameter": [
        with_params("plan == $x", x=None), with_params("plan == $x", x=["pro"]), with_params("plan == $x", x={}),
        with_params("plan == $x", x=float("nan")), with_params("plan == $x", x=2**53),
        with_params("plan == $x", x=b"pro"),
        with_params("plan in $x", x="pro"), with_params("plan in $x", x=[]), with_params("plan in $x", x=[None]),
        with_params("plan in [$x]", x=["pro"]), with_params("lastSeen within $x", x=7),
        with_params("lastSeen within $x", x="week"), with_params("rating > 3 during $x", x="5d"),
        with_params("rating > 3 from $x", x="soon"), with_params("rating > 3 from $x", x=5),
        with_params("rating > 3 for product $x", x="shoes"), with_params("rating > 3 for product $x", x=[]),
        Case("plan == $x", "half a surrogate pair", params={"x": "\ud83d"}),
    ],
    "unknown-definition": [
        "@engaged", with_definitions("not @enganged", engaged="rating > 3"), with_definitions("@a", a="@b or @c"),
        with_definitions("@a", a="@b", b="@c", c="@missing"),
    ],
    "definition-cycle": [
        with_definitions("@a", a="@a"), with_definitions("@a", a="@b and rating > 3", b="not @a"),
        with_definitions("@a", a="@b", b="@c", c="@b"),
        with_definitions("@a", a="@b", b="@c", c="@d", d="@e", e="@f", f="@g", g="@a"),
        Case(
            "@d0",
            "a circle of 12 definitions",
            definitions={f"d{number}": f"@d{(number + 1) % 12}" for number in range(12)},
        ),
    ],
    "scope-in-definition": [
        with_definitions("@recent", recent="rating > 3 during 7d"),
        with_definitions("@old or @old", old=f"rating > 3 from 2026-01-01 to 2026-02-01 for product {UUID}"),
    ],
    "not-expressible": [
        'company not contains "GmbH"', 'not company contains "GmbH"', 'not (seats > 5 and company contains "GmbH")',
        'conversation.topic not contains "x"', with_definitions("not @german", german='company contains "GmbH"'),
        "company not contains 'a' and company not contains 'b'",
    ],
    "needs-split": [
        'plan == "pro" or seats > 10', 'plan in ["pro", "enterprise"]', 'plan == "pro" and seats >= 10',
        "seats <= 10", "seats >= 0.5", "name >= 'm'", "conversation.turns >= 3", "seats between 5 and 9",
        "5 <= seats <= 9", "sentiment != 0.5", "sentiment not in [0.1, 0.5]", "conversationCount != 5",
        "conversationCount not in [1, 2, 5]", "conversationCount in [1, 2, 5]", "rating in [1, 2]",
        "sentiment < 0.5 or sentiment >= 0.5", "not (plan == 'pro' and seats > 10)", "not (0.3 <= sentiment < 0.7)",
        "jailbreakDetected or userToxicityDetected", "lastSeen within 7d or lastSeen before 30d",
        "(a or b) and (c or d) and (e or f) and (g or h)", "a and (b or c and (d or e))",
        "isAdmin == true or isAdmin == false", "not (a or b) and (c or d)",
        "plan == 'pro' or rating > 4 # alternatives\n and seats >= 10",
        with_schema("seats >= 10 and plan in ['pro', 'free']", PLANS), with_params("plan in $plans", plans=["a", "b"]),
        with_definitions("@a and rating > 3", a="isAdmin or seats > 10"),
        with_definitions("@a and @b", a="isAdmin or seats > 10", b="seats >= 5"),
        with_definitions("@a or @b", a="isAdmin", b="seats > 5"),
        Case(" and ".join(f"(a{at} or b{at})" for at in range(12)), "12 pairs of alternatives"),
        Case(" and ".join(f"(a{at} or b{at})" for at in range(60)), "60 pairs of alternatives"),
        Case("plan in [" + ", ".join(f'"p{at}"' for at in range(40)) + "]", "a list of 40 values"),
    ],
    "too-many-segments": [
        split("plan in [" + ", ".join(f'"p{at}"' for at in range(17)) + "]", "a list of 17 values"),
        split(" and ".join(f"(a{at} or b{at})" for at in range(12)), "12 pairs of alternatives"),
        split(" and ".join(f"(a{at} or b{at})" for at in range(60)), "60 pairs of alternatives"),
    ],
    "never-matches": [
        "sentiment > 0.7 and sentiment < 0.3", "isAdmin and not isAdmin", "plan == 'a' and plan == 'b'",
        "plan == 'a' and (seats > 1 and plan in ['b', 'c'])", "seats > 5 and not seats > 2",
        "lastSeen within 7d and lastSeen before 30d", "jailbreakDetected and not jailbreakDetected",
        "conversationCount < 3 and conversationCount > 3", "plan == 'pro' and plan == 5",
        "(a and not a) or (b and not b)", "(a or b) and (not a and not b)", "0.7 < sentiment < 0.3",
        "rating between 5 and 1", "plan == 'abc' and plan contains 'x'", "a and (b or c) and not a",
        with_definitions("@high and @low", high="sentiment > 0.7", low="sentiment < 0.3"),
        with_definitions("rating > 3 and @none", none="isAdmin and\n  not isAdmin"),
    ],
    "out-of-scale": [
        "sentiment > 60", "sentiment < 0 or cqi > 100", "not frustration >= 0", "sentiment in [0.5, 5, -1]",
        "0.5 <= sentiment <= 5", "cqi >= 0.8", "cqi > 101",
        "commercialIntent between 0 and 100", with_definitions("@high", high="sentiment > 60"),
    ],
    "wildcard": [
        "company == '%Acme%'", "company == 'Acme%'", "company contains '*Acme'", "company contains '*Acme*'",
        "plan in ['pro', '*']", "company == '%a%b%'", "email contains '@a.com$'", "role == '^admin'",
        "email contains '.*@acme'",
    ],
    "text-order": [
        "seats > '10'", "plan < 'm'", "firmware <= 'v1.2'", "'a' <= plan < 'b'", with_params("plan > $x", x="pro"),
    ],
    "quoted-literal": [
        "seats == '5'", "user.isAdmin != 'true'", "conversation.n in ['1', 'a', '2']", "isAdmin == 'Yes'",
        "isAdmin == 1",
    ],
    "outer-blank": ["plan in ['a', ' b', 'c\t']", 'not company == "Acme "'],
    "list-in-text": [
        "country != 'DE, AT, CH'", "plan in ['pro, free']", "'pro,free' == plan", "plan not in ['a', 'b,c']",
        "plan == 'A' or plan == 'B' or plan == 'A, B'",
    ],
    "list-property": ["user.labels contains 'beta tester'", "conversation.tags contains 'x'"],
    "operator-as-name": ["plan == 'a' or IS in ['b', 'c']", "lastSeen within 7d and is == 5"],
    "thousands-mark": ["seats > 25.000", "conversationCount >= 25.000", "seats between -1.000 and 999.999"],
    "comma-in-number": ["seats in (1,500, 2,500)", "rating in [4,5, 5]", "n in (800, 1,500)", "n in [1,234,567, 8]"],
    "minutes": ["lastSeen within 1m", "lastSeen before 12M", "not lastSeen within 3m"],
    "left-out": ["isAdmin is not true", "conversation.escalated IS NOT false", "not (isAdmin is not true)"],
    "misplaced-clause": [
        "isAdmin from 2026-01-01 to 2026-03-31", f"lastSeen within 90d for product {UUID}",
        "renewal from 2026-01-01 to 2026-03-31", "cqi > 50 and renewal == '2026-01-01' to 2026-03-31",
        'plan == "pro" since 2026-01-01',
        with_schema("renewal >= 2026-01-01 to 2026-03-31", segdsl.Schema({"renewal": "date"})),
    ],
    "two-periods": ["rating < 3 to 2026-03-31 during all", "rating < 3 from 2026-01-01 to 2026-03-31 during 7d"],
    "redundant": [
        "rating > 1 and rating > 2", "rating > 1 or rating > 2", "plan == 'a' and (seats > 5 or seats > 3)",
        "isAdmin and isAdmin", "plan == 'a' and plan != 'b'", "plan == 'a' or (plan == 'b' and plan == 'c')",
        "a and b or a", "plan in ['a', 'b', 'a']", "plan contains 'abc' and plan contains 'b'",
        "lastSeen within 7d and lastSeen within 1w", with_definitions("@a and @a", a="isAdmin"),
    ],
    "always-true": [
        "conversationCount >= 0", "rating > 3 and conversationCount != -1", "sentiment < 0.5 or sentiment >= 0.5",
        "jailbreakDetected or not jailbreakDetected", "rating > 3 and (seats != 1 or seats == 1)",
    ],
    "may-never-match": [
        'conversation.channel == "web" and conversation.channel == "slack"',
        "conversation.turns > 5 and rating > 3 and conversation.turns < 3",
        "conversation.x in ['a', 'b'] and conversation.x not in ['a', 'b']",
    ],
    "misleading-character": [
        'plan == "\u202epro"', "plan in ['ok', '\u2066x\u2069']", "isAdmin # \u202e seats > 5",
        with_params("plan == $plan", plan="\u200fpro"), "plan == 'a\u00a0b'", "plan == '\u200bpro'",
    ],
}  # fmt: skip
"""Code → texts; the diagnostics of each hold the code at least once."""
