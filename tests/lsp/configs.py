"""Configs in the three formats that tests edit."""

from segdsl.config.document import FormatName

CONFIGS: dict[FormatName, str] = {
    "toml": """\
[properties]
plan = "string"
seats = "integer"

[define]
engaged = "conversationCount >= 5"

[[segment]]
name = "Großkunden 😀"
where = 'plan = "pro" and  seats > 10 and @engaged'

[[segment]]
name = "Two"
split = true
where = '''
ratng > 3 # 😀
or @engagd and sentiment > 0.3 and sentiment > 0.2
'''
""",
    "yaml": """\
properties: {plan: string, seats: integer}
define:
  engaged: conversationCount >= 5
segment:
- name: Großkunden 😀
  where: 'plan = "pro" and  seats > 10 and @engaged'
- name: Two
  split: true
  where: |
    ratng > 3
    or @engagd and sentiment > 0.3 and sentiment > 0.2
""",
    "json": """\
{
  "properties": {"plan": "string", "seats": "integer"},
  "define": {"engaged": "conversationCount >= 5"},
  "segment": [
    {"name": "Großkunden 😀", "where": "plan = \\"pro\\" and  seats > 10 and @engaged"},
    {"name": "Two", "split": true, "where": "ratng > 3 or @engagd and sentiment > 0.3 and sentiment > 0.2"}
  ]
}
""",
}
