"""Kinds of mistakes, each in its shortest form: the text after its fixes, or why there is no fix."""

import pytest

import segdsl
from segdsl import Diagnostic
from segdsl.diagnostics.diagnostic import corrected
from segdsl.limits import MAX_DIAGNOSTICS, MAX_NESTING
from tests.guidance.walks import with_first_fixes

PRODUCT = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"
MENDED = {
    "(seats > 5) == true": "(seats > 5)",
    "(seats > 5) is not false": "(seats > 5)",
    "AND(a == 1; OR(b == 2; c == 3))": "(a == 1 and (b == 2 or c == 3))",
    'eq(plan, "pro")': 'plan == "pro"',
    "seats == int(5)": "seats == 5",
    "seats > 5 for 30 days": "seats > 5 during 30d",
    "seats > 5 for the last 30 days": "seats > 5 during 30d",
    f"a for product {PRODUCT}": f'a for product "{PRODUCT}"',
    "seats > 5 from 2026-01-01 until 2026-03-31": "seats > 5 from 2026-01-01 to 2026-03-31",
    'seats > 5 from "2026-01-01"': "seats > 5 from 2026-01-01",
    'seats > 5 during "30d"': "seats > 5 during 30d",
    "a == 1 and b == 2 -plan:free": 'a == 1 and b == 2 and plan != "free"',
    "a == 1 - plan:free": 'a == 1 and plan != "free"',
    "(a == 1 or b == 2) c == 3": "(a == 1 or b == 2) and c == 3",
    "(a == 1)(b == 2)": "(a == 1) and (b == 2)",
    "a == 1, and b == 2": "a == 1 and b == 2",
    "a == 1 and and b == 2": "a == 1 and b == 2",
    "-plan:free": 'plan != "free"',
    "a == 1 -- why": "a == 1 # why",
    'seats in @("a", "b")': 'seats in ("a", "b")',
    "a in [1, 2 and b == 2": "a in [1, 2] and b == 2",
    '"a" in b': 'b contains "a"',
    'a in ["x"] or "y"': 'a in ["x", "y"]',
    'a contains "x" or "y"': 'a contains "x" or a contains "y"',
    'a != "x" or "y"': 'a not in ["x", "y"]',
    "a == 1 between 2026-01-01 and 2026-03-31": "a == 1 from 2026-01-01 to 2026-03-31",
    "user?.x == 1": "user.x == 1",
    "a–b == 1": "a-b == 1",
    "2fa == true": 'user["2fa"] == true',
    '"not" == 1': 'user["not"] == 1',
    "seats > 5 and less than 20": "seats > 5 and seats < 20",
    "seats > 5 and < 20": "seats > 5 and seats < 20",
    "5 < seats and < 20": "5 < seats and seats < 20",
    "= seats > 5": "seats > 5",
    "users whose seats > 5": "seats > 5",
    "if seats > 5": "seats > 5",
    "find seats > 5": "seats > 5",
    "seats > 5 order by x": "seats > 5",
    "seats > 5;": "seats > 5",
    "a:['x', 'y']": "a in ['x', 'y']",
    "a == 1 or (b == 2 c == 3)": "a == 1 or (b == 2 and c == 3)",
    "plan in (pro team, x)": 'plan in ("pro team", "x")',
    "seats > 10 000": "seats > 10000",
    "lastSeen within 1 month": "lastSeen within 30d",
    "last_seen within 3 months": "lastSeen within 90d",
    "lastSeen within 1y": "lastSeen within 365d",
    "lastSeen before a quarter": "lastSeen before 90d",
    "lastSeen before 18mo and seats > 5": "lastSeen before 545d and seats > 5",
    "lastSeen > 3 months": "lastSeen before 90d",
    "seats > 1_000": "seats > 1000",
    "a == 182bd5e5-6e1a": 'a == "182bd5e5-6e1a"',
    "a > 2026-1-5": 'a > "2026-01-05"',
    "a == 10.1.2.3": 'a == "10.1.2.3"',
    "a like '%x%'": 'a contains "x"',
    "a is set to 5": "a == 5",
    "a == not in [1]": "a not in [1]",
    'a == not "x"': 'a != "x"',
    "a != in [1]": "a not in [1]",
    "a ! in [1]": "a not in [1]",
    "a = = 5": "a == 5",
    "a ! = 5": "a != 5",
    "a =eq= 5": "a == 5",
    "a -in [1]": "a in [1]",
    "a-eq 5": "a == 5",
    "a:[1 TO *]": "a >= 1",
    "a:[* TO 5]": "a <= 5",
    "a:[1 TO 5]": "a between 1 and 5",
    "a:(b OR c)": 'a in  ["b", "c"]',
    "a:5..20": "a between 5 and 20",
    "a: > 5": "a > 5",
    'a ~ "%x%"': 'a contains "x"',
    "~a": "not a",
    'a ~ "x"': 'a contains "x"',
    "a between 5..20": "a between 5 and 20",
    "a between 1 to 5": "a between 1 and 5",
    "a 5..20": "a between 5 and 20",
    "a > 5 < 20": "5 < a < 20",
    "a < 20 > 5": "5 < a < 20",
    'a == pro"': 'a == "pro"',
    "a == yes": "a == true",
    "a == *x*": 'a contains "x"',
    "a == a:b": 'a == "a:b"',
    "a == NO or SE": 'a in ["NO", "SE"]',
    "a == “x”": 'a == "x"',
    "a == `x`": 'a == "x"',
    "`a` == 1": "a == 1",
    "a == 'it''s'": 'a == "it\'s"',
    'a == "x': 'a == "x"',
    'a == "x\n': 'a == "x"\n',
    '"a == 1"': "a == 1",
    "```\na == 1\n```": "a == 1",
    "a\u00a0== 1": "a == 1",
    '(p:":)': '(p == ":")',
    "a == 1, 2": "a in [1, 2]",
    "a == not 5": "a != 5",
    "lastSeen before 2 weeks": "lastSeen before 2w",
    "lastSeen > 3 weeks": "lastSeen before 3w",
    'users where plan == "pro" order by plan': 'plan == "pro"',
    "select a from users where b == 1 limit 5": "b == 1",
    "a == 1 // why\nand b == 2": "a == 1 # why\nand b == 2",
    'the plan == "pro"': 'plan == "pro"',
    '"a" equals 5': "a == 5",
    '"2fa" == 5': 'user["2fa"] == 5',
    "a = 5, 6": "a in [5, 6]",
    'a contains all of ["x", "y"]': 'a contains "x" and a contains "y"',
    "a contains any b": 'a contains "b"',
    '["x", "y"].includes(a)': 'a in ["x", "y"]',
    'a?.includes("x")': 'a contains "x"',
    "a since 2026-01-01": 'a >= "2026-01-01"',
    'a on "2026-01-01"': 'a == "2026-01-01"',
    "a 5 - 20": "a between 5 and 20",
    "a = 5 to 20": "a between 5 and 20",
    "a == March 5, 2026": 'a == "March 5, 2026"',
    "a > 1.500,50": "a > 1500.50",
    "a is between 1 and 5": "a between 1 and 5",
    "country = US, CA or MX": 'country in ["US", "CA", "MX"]',
    'a == "x", "y"': 'a in ["x", "y"]',
    "a == x&b == 2": 'a == "x"  and b == 2',
    "{seats} > 5": "seats > 5",
    "a in 14 and ": "a in [14] ",
    "seats = 100+": "seats >= 100",
    "a == PT or": 'a == "PT"',
    "a in (x y')": 'a in ("x y")',
    "a == 1 or 2 or true": "a in [1, 2, true]",
    "a > ten": "a > 10",
    'country not in "DE, AT" and a == 1': 'country not in [ "DE" , "AT" ] and a == 1',
    'a in "x,y", "z"': 'a in ["x,y", "z"]',
    'a in "Hello, new world"': 'a in ["Hello, new world"]',
    "x == 1 or (a == 1 b == 2)": "x == 1 or (a == 1 and b == 2)",
    "has conversations": "conversationCount >= 1",
    "has no conversations and a": "conversationCount == 0 and a",
    "average sentiment < 0.3": "sentiment < 0.3",
    "last seen in the last two weeks": "lastSeen within 2w",
    "lastSeen within the last week": "lastSeen within 1w",
    "lastSeen within a week": "lastSeen within 1w",
    "lastSeen before 7d ago": "lastSeen before 7d",
    "lastSeen at least 30 days ago": "lastSeen before 30d",
    "not seen for two weeks": "lastSeen before 2w",
    "jailbreakDetected in the last 7 days": "jailbreakDetected during 7d",
    "country is DE, AT and CH": 'country in ["DE", "AT", "CH"]',
    "country = DE, AT, and CH and b": 'country in ["DE", "AT", "CH"] and b',
    "country = DE, AT and isAdmin": 'country in ["DE", "AT"] and isAdmin',
    "seats 10 or more and b": "seats >= 10 and b",
    "a not after 5": "a <= 5",
    "a is DE und b is 5": 'a is "DE" and b is 5',
    "a is other than x": 'a != "x"',
    "a in [5..10]": "a between 5 and 10",
    "a == ''pro''": 'a == "pro"',
    'a is "x" or is y': 'a is "x" or a is "y"',
    "a is not 1 and is not 2": "a is not 1 and a is not 2",
    'a contains "x" or contains "y"': 'a contains "x" or a contains "y"',
    "a > 5 and not > 20": "a > 5 and not a > 20",
    'a == "x" or in ["y", "z"]': 'a == "x" or a in ["y", "z"]',
    "lastSeen within 30d and before 7d": "lastSeen within 30d and lastSeen before 7d",
    "a > 5 but not 7": "a > 5 and a != 7",
    "not (a does not contain b)": 'not (a not contains "b")',
    "a >= 1,000.50": "a >= 1000.50",
    "a = -12,345.6": "a = -12345.6",
    "a between 1,000.50 and 2,000,000.75": "a between 1000.50 and 2000000.75",
    "a > $1,000.50": "a > 1000.50",
    "a > €1.000,50": "a > 1000.50",
    "a in [1,000.50, 2,000,000, 5]": "a in [1000.50, 2000000, 5]",
    "10 to 50 seats": "seats between 10 and 50",
    "a == 1 and 10-50 seats or 5..20 seats": "a == 1 and seats between 10 and 50 or seats between 5 and 20",
    "between ten and 50 seats and from 1 to 5 licences": "seats between 10 and 50 and licences between 1 and 5",
    "more than 5 conversations in the last 30 days": "conversationCount > 5 during 30d",
    "(5 or more seats) and 100+ users": "(seats >= 5) and users >= 100",
    "with at least 4 stars or exactly two seats": "rating >= 4 or seats == 2",
    "not seen for 30 days": "lastSeen before 30d",
    "a == 1 and not seen for 30 days": "a == 1 and lastSeen before 30d",
    "(not active in the last 2 weeks) and a": "(lastSeen before 2w) and a",
    "hasn't been seen since 3 months": "lastSeen before 90d",
    "have not logged in within 30 days": "lastSeen before 30d",
    "inactive for 30 days, a == 1": "lastSeen before 30d and a == 1",
    "no logins in 2w or seen in the last 7 days": "lastSeen before 2w or lastSeen within 7d",
    "a == 1 in 30d": "a == 1 during 30d",
    "lastSeen within the last 7 days, a == 1": "lastSeen within 7d and a == 1",
    "last seen more than 30 days ago, seats over ten": "lastSeen before 30d and seats > 10",
    "last login over 2 weeks ago; a is 1": "lastSeen before 2w and a is 1",
    "a > 5, but b == 2": "a > 5 and b == 2",
}
"""Texts, and what the first fixes of all their errors make of them."""

REFUSED = {
    "[seats > 5 and isAdmin": "`[` does not open a group of conditions",
    "lower(plan": "there is no `lower()`: there are no functions",
    "AND()": "there is no `AND()`: there are no functions",
    "eq(first second, 3)": "there is no `eq()`: there are no functions",
    'contains(5, "x")': "there is no `contains()`: there are no functions",
    "company.includes(5)": "there is no `company.includes()`: there are no functions",
    "isset(plan)": "there is no `isset()`: there are no functions",
    "len(name) > 3": "there is no `len()`: there are no functions",
    "owner == currentUser()": "there is no `currentUser()`: there are no functions",
    "seats > 5 from 5 to 20": "`from` and `to` take dates",
    "a == 1 or b == 2 c == 3": "expected `and`, `or` or the end, found `c`",
    "a == 1 xor b == 2": "there is no `xor`",
    "a == 1 nor b == 2": "there is no `nor`",
    "a ~ 4": "`~` is not an operator here",
    "a == 1 and or b == 2": "expected a condition, found `or`",
    "a == 1 nan": "`nan` is not a number",
    "a equals": "there is no `equals`",
    "größ€ > 5": "`größ` is not a name: names are written in ASCII",
    "seats > ٥": "the character `٥` (U+0665) means nothing here",
    "a\u0007b": "the character U+0007 means nothing here",
    "-no:company": "`-no` is not an operator here",
    "a == 1 /* why */": "`/*` does not begin a comment",
    "seats in a or b or c and d": "expected a list such as `[1, 2]`, found `a or b or c`",
    "country in US, CA and d": "expected a list such as `[1, 2]`, found `US, CA`",
    '"x" or a == 1': "a literal alone is not a condition",
    "1 in a": "a literal alone is not a condition",
    '"a" not in b': "the name comes first; the API cannot say that a text does not contain another",
    "'pl\\qan' == 1": "a literal is compared with a name, not with another literal",
    '"a" contains b': "the name comes first",
    'a == "x" and "y"': "a literal alone is not a condition",
    "2026-01-01": "a literal alone is not a condition",
    "7d and a == 1": "a literal alone is not a condition",
    "5 in [1]": "a literal alone is not a condition",
    "a == 1 in the last 30 days and b == 2": "`in the last 30 days` is not how a period is written",
    "a == 1 this month": "`this month` is not a period",
    "a == 1 in 2026": "`in 2026` is not a period",
    "a == 1 since yesterday": "expected `and`, `or` or the end, found `since`",
    'lastSeen since "May"': "there is no `since`",
    "a/b == 1": "`a/b` is not a name: parts of a name are joined by dots",
    '"a b" == 1': "`a b` cannot be a name",
    "select seats": "there is no `select`",
    "seats > 5 then x": "an expression has no `then`",
    "a within 3 months": "`a` is a user property, which has no `within`",
    "lastSeen within 0 days": "`lastSeen` is compared with a duration, not with a number",
    "a within 7 days": "`a` is a user property, which has no `within`",
    "a > 7 days": "`7 days` is not a duration",
    "seats > 5 +": "`+` is not an operator here",
    "seats > 1,000": "`1,000` is not a number",
    "seats > 1.5.2": "`1.5.2` is not a number",
    "seats > 0x1F": "`0x1F` is not a number",
    "seats > 5.": "`5.` is not a number",
    "seats > 5+3": "`5+3` is not a number",
    "seats > -inf": "`-inf` is not a number",
    "seats == 007": "`007` is not a number",
    "seats > 100+": "`100+` is not a number",
    "seats = 100 +": "`+` is not an operator here",
    "price > $1.500": "`$1.500` is not a number",
    "a > 01/02/2026": "`01/02/2026` is not a date",
    "a like": "there is no `like`",
    'a not like "%x%"': "there is no `not like`: the API cannot say that a text does not contain another, nor",
    "a like 'x%'": "there is no `like`: the API cannot ask how a text begins or ends, only what it contains",
    "a like 'x'": "there is no `like`",
    "a not starts with 'x'": "there is no `not starts`: the API cannot ask how a text begins or ends, only what",
    'a ends with "x"': "there is no `ends`: the API cannot ask how a text begins or ends, only what the text",
    'a not matches "x"': "there is no `not matches`: there are no patterns or regular expressions",
    "a changed": "there is no `changed`: conditions look at a user as it is now; there is no history of earlier",
    "a plus 5": "there is no `plus`: there is no arithmetic: a name is compared with a fixed value",
    'a like "\\q"': "there is no `like`",
    "a not within 7d": "`a` is a user property, which has no `before`",
    "a ! 5": "`!` has no place here",
    "a:[x TO y]": "`:` is not an operator here",
    "a:(b AND c)": "`:` is not an operator here",
    "is:open": "`is:open` is a search filter of another program",
    'a ~ "^x"': "`~` is not an operator here; the API cannot ask how a text begins or ends, and there are no",
    "a =~ /x/": "`=~` is not an operator here: there are no patterns or regular expressions",
    "a =<> 5": "`=<` is not an operator here",
    "a between 1 b": "expected `and`, found `b`",
    "a between 1 and b == 2": "`between` takes two values",
    "a < 5 < 20": "a comparison cannot be compared again",
    "top 10": "users cannot be ranked: say a threshold, such as `mrr > 500`",
    "a in the top 10": "users cannot be ranked: say a threshold, such as `mrr > 500`",
    "a == null": "there is no `null`: no condition finds users who lack a field",
    "a == today": "`== today` is not a fixed value",
    "a == everyone": "`everyone` is not a value",
    "a == NaN": "`NaN` is not a number",
    "lastSeen within soon": "`soon` is not a duration",
    "a == x*": "`x*` is not a literal: there are no wildcards",
    "a == rating": "`rating` is a name, and a name is compared with a literal, not with another name",
    "a > high": "`high` is a name, and a name is compared with a literal, not with another name",
    "a == b.c": "`b.c` is a name, and a name is compared with a literal, not with another name",
    "a == x or y": "`x` is a name, and a name is compared with a literal, not with another name",
    "a in (b c)": "`b c` is not a literal: text is written in quotes",
    'a == "x and b': "this string does not end",
    "a == {{x}}": "`{{x}}` is a placeholder of another program",
    "a == ?": "`?` is a placeholder of another program",
    "contains(a": "there is no `contains()`: there are no functions",
    "x(b": "there is no `x()`: there are no functions",
    "seats > 5 for product 5": "expected a product id in quotes",
    "a == 1 or b == 2 in 2026": "`in 2026` is not a period",
    'a == "\\q"': "there is no such escape in a string",
    "isAdmin nan": "`nan` is not a number",
    '"a\\q" == 5': "a literal is compared with a name, not with another literal",
    'a == 1 between "x" and "y"': "expected `and`, `or` or the end, found `between`",
    "a == 1 between 2026-01-01 and b == 2": "expected `and`, `or` or the end, found `between`",
    "last login is big": "`last login` is not a name: a name is one word",
    "a b c d == 5": "`a b c d` is not a name: a name is one word",
    "a == x, b": "`x` is a name, and a name is compared with a literal, not with another name",
    'not a contains all ["x","y"]': "`contains` takes one text, not a list; the API cannot say that a text does not",
    'a?.b?.f("x")': "`a?.b?.f` is not a name: parts of a name are joined by dots",
    "a on fire": "expected a comparison, `and`, `or` or the end, found `on`",
    "a 5 -": "expected a comparison such as `==` or `<`, found `5`",
    "a > 1 Jan 2026": "`1 Jan 2026` is not a date",
    "a > 12,34.5": "`,` does not join conditions",
    "a in [1, 000]": "`000` is not a number",
    "a in 30d": "expected a list such as `[1, 2]`, found `30d`",
    "10 seats": "`10 seats` is not how a comparison is written",
    "no conversations in 30d": "`no conversations in 30d` is not a condition",
    "plan == 5 and has conversations in the last 7 days": "`has conversations in the last 7 days` is not a condition",
    "active for 2 weeks": "`active for 2 weeks` is not a condition",
    "not seen 3 weeks ago": "`not seen 3 weeks ago` is not a condition",
    "lastSeen < 30 days ago, but seats > 10": "`< 30 days ago` is not how a time ago is written",
    "a == 1 in the last 30 days, b == 2": "`in the last 30 days` is not how a period is written",
    "a == the last week": "there is no `the last week`: a value is fixed",
    "a == this month": "there is no `this month`: a value is fixed",
    "a neither x nor y": "expected a comparison, `and`, `or` or the end, found `neither`",
    "user.size company > 5": "`user.size company` is not a name: a name is one word",
    "a b > 5": "`a b` is not a name: a name is one word",
    "a == f(x": "there is no `f()`: there are no functions",
    'plan not("a")': "expected `in` or `contains`, found `(`",
    "a == b (c)": "`b` is a name, and a name is compared with a literal, not with another",
    "sentiment < 0, 425": "`,` does not join conditions",
    "(a == 'x'( b)": "expected `and`, `or` or the end, found `(`",
    "high sentiment": "`high sentiment` is not a comparison: `sentiment` is a number",
    "sentiment not very negative": "`sentiment not very negative` is not a comparison: `sentiment` is a number",
    "a == 1 and low commercial intent": "`low commercial intent` is not a comparison: `commercialIntent` is a number",
    'a is "x" and is "y"': "expected a name, found `is`",
    "a is not 1 or is not 2": "expected a name, found `is not`",
    'a != "x" or != y': "expected a name, found `!=`",
    'b or is "x"': "expected a condition, found `is`",
    "a does not contain b": "there is no `does not contain`: the API cannot say that a text does not contain another",
    'a !contains "x"': "there is no `!contains`: the API cannot say that a text does not contain another",
    'a-notcontains "x"': "there is no `-notcontains`: the API cannot say that a text does not contain another",
    "a is Unilever and not Nestle": "`Unilever` is a name, and a name is compared with a literal, not with another",
    "a is not x & y": "`x` is a name, and a name is compared with a literal, not with another name",
    "plan except free": "there is no `except`",
    "isAdmin nor isOwner": "there is no `nor`",
    "a > 5 per month": "expected `and`, `or` or the end, found `per`",
    "a ~ 10": "`~` is not an operator here",
    "growth < -5%": "`-5%` is not a number",
    "a in (1,5; 2,5)": "expected `,` or `)`, found `;`",
    "a in [1; 2,500]": "expected `,` or `]`, found `;`",
    "lastSeen within 7 hours ago": "`within 7 hours ago` is not how a time ago is written",
    "rating pro": "expected a comparison, `and`, `or` or the end, found `pro`",
    "a > 5 and <": "expected a name, found `<`",
    "lastSeen within 7 seconds": "`lastSeen` is compared with a duration, not with a number",
    "conversation.x == null": "there is no `null`: no condition finds users who lack a field",
    'a -notcontains "x"': "there is no `-notcontains`: the API cannot say that a text does not contain another",
    "plan is not set": "there is no `not set`: no condition finds users who lack a field",
    "plan is set": "there is no `set`",
    "plan missing": "there is no `missing`",
    "has a plan": "there is no `has`",
    "without a plan": "expected a comparison, `and`, `or` or the end, found `a`",
    "never seen": "expected a comparison, `and`, `or` or the end, found `seen`",
    "max sentiment < 0.3": "there is no `max` of a metric",
    'never plan == "pro"': "`never plan` is not a name: a name is one word",
    "lastSeen between 9:00 and 17:00": "there is no time of day",
    "lastSeen at night and a": "there is no time of day",
    "jailbreakDetected in the last 7 days and a": "`in the last 7 days` is not how a period is written",
    "vip in tags": "expected a list such as `[1, 2]`, found `tags`",
    'a not contains ["x", "y"]': "`contains` takes one text, not a list; the API cannot say that a text does not",
    'not a contains any of ["x", "y"]': "`contains` takes one text, not a list; the API cannot say",
    "no beta": "expected a comparison, `and`, `or` or the end, found `beta`",
    'in ["x"]': "`in` takes no key in brackets",
    '"x" or "y" or true': "a literal alone is not a condition",
    "more and 3 weeks": "`more` alone is not a condition",
    '"a" in': "a name stands without quotes",
    "lastSeen >": "expected a value, but the expression ends here",
    'rating < 2 since "May"': "expected `and`, `or` or the end, found `since`",
    "a == 182bd5e5-6e1a-4fe4": "a product id is written in quotes",
    "a > 1,2,3": "`1,2,3` is not a number",
    "a like '%": "there is no `like`: the API cannot ask how a text begins or ends, only",
    "opened < now)": "`< now` is not a fixed value",
    "a =~ /^x/": "`=~` is not an operator here: there are no patterns or regular express",
    "lastSeen within 7-day": "`lastSeen` is compared with a duration, not with a string",
    "a eq": "there is no `eq`",
    "a 9 is not null": "expected a comparison such as `==` or `<`, found `9`",
    "=~ 5": "`=~` is not an operator here",
    "a == 1 and true": "a literal alone is not a condition",
    '["pro"].includes()': "`[` does not open a group of conditions",
    "a > €1,50,2": "`€1,50,2` is not a number",
    "plan rating": "expected a comparison, `and`, `or` or the end, found `rating`",
    "seats > 3 months": "`3 months` is not a duration",
    'a in ["x"] and "y"': "a literal alone is not a condition",
    "a == 1 or >": "expected a name, found `>`",
    "plan starts(1)": "expected a comparison, `and`, `or` or the end, found `starts`",
    "is null": "there is no `null`",
    "$p in [1]": "a literal alone is not a condition",
    'a startsWith"x"': "there is no `startsWith`: the API cannot ask how a text begins",
}
"""Texts with an error without a fix, as they can mean several things or nothing; and how the first message begins."""


def errors(text: str) -> list[Diagnostic]:
    return [one for one in segdsl.check(text, max_segments=100) if one.severity == "error"]


@pytest.mark.parametrize("text", MENDED)
def test_the_fixes_have_the_intended_meaning(text: str) -> None:
    found = errors(text)
    assert found
    assert all(one.fixes for one in found)
    mended = with_first_fixes(text, found)
    assert mended == MENDED[text]
    assert errors(mended) == []


def test_fixes_side_by_side_make_a_corrected_text() -> None:
    text = "10 to 50 seats, plan is 5"
    assert corrected(text, errors(text)) == "seats between 10 and 50 and plan is 5"


@pytest.mark.parametrize(
    "text", ["within 1 month", "before 2y", "within a year", "> 3 months", "within 6M", "before 1 quarter"]
)
def test_months_are_one_error_and_not_surely_so_many_days(text: str) -> None:
    (found,) = errors(f"lastSeen {text}")
    assert [one.safe for one in found.fixes] == [False]


@pytest.mark.parametrize("text", REFUSED)
def test_what_has_no_single_meaning_has_no_fix(text: str) -> None:
    found = errors(text)
    assert found[0].message.startswith(REFUSED[text])
    assert not all(one.fixes for one in found)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("a in (1,5; 2,5)", "1.5"),
        ("a in [1; 2,500]", "2500"),
        ("a in [-0,125 or 7]", "-0.125"),
        ("a in [0; 1,25]", "1.25"),
    ],
)
def test_other_signs_between_numbers_with_a_comma(text: str, number: str) -> None:
    (found,) = errors(text)
    assert found.help == ("values of a list are separated by `,`", f"for one number write `{number}`")


@pytest.mark.parametrize("text", ['a in ["b","c"; "d"]', "a in [1, 5; 2]", "a in [1 ,5; 2]", "a in [1.5,5; 2]"])
def test_other_signs_between_other_values(text: str) -> None:
    assert with_first_fixes(text, errors(text)) == text.replace(";", ",")


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        ("country DE", ['if `DE` is a value, write `country == "DE"`', "join conditions with `and` or `or`"]),
        ("paying pro", ["join conditions with `and` or `or`"]),
        ("no seats", ["write `seats == 0`", "no condition finds users who lack a field"]),
        ("no beta", ["no condition finds users who lack a field"]),
        ("seats > 5%", ["there is no `%`: write the share as the field has it, 5 or 0.05"]),
        (
            'seats == 5 and "x"',
            ['say the name again, `name == "x"`; several values also go in a list, `name in [1, 2]`'],
        ),
        ("more than 5 licences", ["the name of the property comes first, then `> 5`"]),
        ("vip in country", ['if `country` is the property, write `country contains "vip"`']),
        ("vip in paying", ['a list is written `["paying"]`']),
        ("city is not null", ["a condition on a field holds only for users who have it: compare it with a value"]),
        ("seats high", ["write a bound, such as `seats > 3`: the number is your choice"]),
        ("null", ['for users who have a property at all, compare it: `country != ""` (all but the empty text)']),
    ],
)
def test_help_holds_for_the_declared_properties(text: str, help_: list[str]) -> None:
    schema = segdsl.Schema(properties={"country": "string", "seats": "integer", "paying": "boolean"})
    (found,) = [one for one in segdsl.check(text, schema) if one.code != "undeclared-property"]
    assert [*found.help] == help_


def test_a_wrong_escape_stays_in_a_list() -> None:
    text = 'a in "\\q", "b"'
    assert with_first_fixes(text, errors(text)) == 'a in ["\\q", "b"]'


def test_help_about_presence_where_no_property_is_declared() -> None:
    (found,) = segdsl.check("null", segdsl.Schema(properties={}))
    assert [*found.help] == ["for users who have something at all, compare it: `conversationCount >= 1`"]
    (found,) = segdsl.check("null", segdsl.Schema(properties={"seats": "integer"}))
    assert segdsl.check(found.help[0].split("`")[1], segdsl.Schema(properties={"seats": "integer"})) == ()


def test_a_long_list_of_texts_is_asked_one_by_one() -> None:
    values = [f'"v{number}"' for number in range(15)]
    text = f"a contains [{', '.join(values)}]"
    assert with_first_fixes(text, errors(text)) == " or ".join(f"a contains {value}" for value in values)


def test_repairs_may_nest_too_deep() -> None:
    """Each `~` is repaired to `not`, and the levels count as those that are written."""
    codes = [one.code for one in errors("not " * 150 + "~ " * 60 + "a")]
    assert sorted(codes) == ["foreign-operator"] * 60 + ["too-deep"]


def test_many_groups_side_by_side_are_not_deep() -> None:
    """Only their depth counts, as in a text without errors."""
    groups = " and ".join(["(not a == 1 or b)"] * MAX_NESTING)
    assert [one.code for one in errors(f"{groups} and a = = 1")] == ["foreign-operator"]


def test_many_mistakes_are_reported_up_to_a_number() -> None:
    text = " and ".join(f"a{number} = = {number}" for number in range(MAX_DIAGNOSTICS + 10))
    assert len(errors(text)) == MAX_DIAGNOSTICS


def test_a_word_after_a_declared_name_is_a_value_only_if_the_type_allows_it() -> None:
    schema = segdsl.Schema(properties={"seats": "integer", "team": "string"})
    join = "join conditions with `and` or `or`"
    assert segdsl.check("seats many", schema)[0].help == (join,)
    assert segdsl.check("team blue", schema)[0].help == ('if `blue` is a value, write `team == "blue"`', join)
