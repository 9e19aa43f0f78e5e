"""Config files for each diagnostic code that is about one."""

from pathlib import Path
from typing import Any, NamedTuple

import segdsl
import segdsl.sql
from segdsl.config.check import check_config, check_files, missing_segments
from segdsl.config.document import FormatName
from segdsl.config.load import loads
from segdsl.diagnostics import Diagnostic

SEGMENT = '[[segment]]\nname = "Big teams"\nwhere = "rating > 3"\n'


class ConfigCase(NamedTuple):
    """The text of one file."""

    text: str
    format: FormatName = "toml"
    title: str = ""

    @property
    def label(self) -> str:
        return self.title or self.text

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        config, problems = loads(self.text, f"segments.{self.format}", self.format)
        return (*problems, *((*check_config(config), *missing_segments(config)) if config else ()))


class FilesCase(NamedTuple):
    """Files of a folder, read together; the last one is wrong."""

    files: dict[str, bytes]
    label: str
    asked: tuple[str, ...] = ()

    def diagnostics_in(self, folder: Path) -> tuple[Diagnostic, ...]:
        for name, data in self.files.items():
            (folder / name).write_bytes(data)
        return check_files(self.asked or self.files)[1]


class SqlCase(NamedTuple):
    """An expression compiled to SQL, with the table `[source]` as plain data."""

    text: str
    source: dict[str, Any]
    dialect: str = "duckdb"

    @property
    def label(self) -> str:
        return f"{self.text} · {self.dialect} · {self.source}"

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        try:
            return segdsl.sql.compile(self.text, segdsl.sql.Mapping.from_dict(self.source), self.dialect).warnings
        except segdsl.CompileError as error:
            return error.diagnostics


def segment(lines: str) -> ConfigCase:
    return ConfigCase(f'[[segment]]\nname = "Big teams"\n{lines}')


def yaml(text: str) -> ConfigCase:
    return ConfigCase(text, "yaml")


def json(text: str) -> ConfigCase:
    return ConfigCase(text, "json")


CONFIGS: dict[str, list[ConfigCase | FilesCase | SqlCase]] = {
    "unreadable-config": [
        ConfigCase("[[segment]\n"), ConfigCase('[[segment]]\nname = "A\n'), ConfigCase("name = 1\nname = 2\n"),
        json('{"segment": [}'), json('{"segment": 1, "segment": 2}'), yaml("segment: [\n"),
        yaml("a: 1\na: 2\n"), yaml("segment: &a [*a]\n"),
        FilesCase({}, "no file", ("segments.toml",)), FilesCase({"segments.txt": b""}, "another extension"),
        FilesCase({"segments.toml": "name = 'é'".encode("latin-1")}, "Latin-1"),
        FilesCase({"segments.toml": "a = 1".encode("utf-16")}, "UTF-16"),
    ],
    "unknown-key": [
        segment('where = "rating > 3"\nicn = "Users"\n'), ConfigCase('segments = 1\n' + SEGMENT),
        ConfigCase('[propertys]\nplan = "string"\n' + SEGMENT),
        ConfigCase(SEGMENT + "[[segment.example]]\nuser = {}\nmatch = true\n"),
        json('{"segment": [{"name": "A", "where": "rating > 3", "ikon": "x"}]}'),
        yaml("segment:\n- name: A\n  where: rating > 3\n  desc: x\n"),
    ],
    "missing-key": [
        segment(""), ConfigCase('[[segment]]\nwhere = "rating > 3"\n'),
        ConfigCase(SEGMENT + "[[segment.example]]\nuser = {}\n"), json('{"segment": [{}]}'),
    ],
    "wrong-value": [
        segment('where = "rating > 3"\nsplit = 1\n'), segment("where = 5\n"),
        segment(f'where = "rating > 3"\nicon = "{"i" * 51}"\n'),
        ConfigCase(f'[[segment]]\nname = "{"n" * 256}"\nwhere = "rating > 3"\n', title="a name of 256 characters"),
        ConfigCase('[[segment]]\nname = ""\nwhere = "rating > 3"\n'), ConfigCase("segment = 1\n"), json("[]"),
        yaml("- 1\n"),
        ConfigCase('[properties]\nplan = "text"\n' + SEGMENT), ConfigCase("[properties]\nplan = []\n" + SEGMENT),
        ConfigCase('[properties]\n"a b" = "string"\n' + SEGMENT), ConfigCase("define = 5\n" + SEGMENT),
        ConfigCase('[define]\n"a.b" = "rating > 3"\n' + SEGMENT),
        ConfigCase(SEGMENT + '[[segment.example]]\nuser = { analysis = { sentiment = "x" } }\nmatches = true\n'),
        ConfigCase(SEGMENT + "[[segment.example]]\nuser = {}\nmatches = true\nnow = 2026-01-01\n"),
        yaml("segment:\n- name: 5\n  where: rating > 3\n"), yaml("segment:\n- name: A\n  where: yes\n"),
        ConfigCase(
            f'[[segment]]\nname = "{"n" * 250}"\nwhere = "a or b"\nsplit = true\n',
            title="a name that is too long with (1/2)"
        ),
    ],
    "duplicate-name": [
        ConfigCase(SEGMENT + SEGMENT),
        ConfigCase(
            '[[segment]]\nname = "A"\nwhere = "a or b"\nsplit = true\n'
            '[[segment]]\nname = "A (1/2)"\nwhere = "a"\n'
        ),
        FilesCase({"one.toml": SEGMENT.encode(), "two.toml": SEGMENT.encode()}, "one name in two files"),
        FilesCase(
            {"common.toml": b'[define]\nbig = "seats > 9"\n',
             "one.toml": b'include = ["common.toml"]\n[define]\nbig = "seats > 10"\n'},
            "two values of one definition",
        ),
    ],
    "hiding-comment": [
        yaml("segment:\n- name: A\n  where: >-\n    plan == 'pro'  # paying\n    and seats > 5\n"),
        yaml("segment:\n- name: A\n  where: \"plan == 'pro' # paying\n    and seats > 5\n\n    and rating > 3\"\n"),
        ConfigCase("[define]\na = \"\"\"plan == 'pro' # it \\\n\n  pays\n  and seats > 5\"\"\"\n" + SEGMENT),
    ],
    "ambiguous-value": [
        yaml(
            "segment:\n- name: A\n  where: rating > 3\n  example:\n  - matches: false\n"
            "    user: {properties: {country: NO, zip: 0123}}\n"
        )
    ],
    "bad-include": [
        ConfigCase('include = ["nowhere.toml"]\n' + SEGMENT), yaml("include:\n- ../other.toml\n"),
        json('{"include": ["segments.json"]}'),
    ],
    "no-segments": [ConfigCase(""), ConfigCase('[define]\na = "rating > 3"\n'), json("{}"), json('{"segment": []}')],
    # ── diagnostics of an expression, at its place in the file ───────────────────────────────────────────
    "needs-split": [
        segment("where = 'plan == \"pro\" and seats >= 10'\n"),
        segment("where = '''\nplan == \"pro\"\nor conversation.turns <= 10'''\n"),
        ConfigCase('[define]\nbig = "seats >= 10"\n[[segment]]\nname = "A"\nwhere = "@big and rating > 3"\n'),
        yaml("segment:\n- name: A\n  where: >-\n    plan == 'pro'\n    and seats >= 10\n"),
        json('{"segment": [{"name": "A", "where": "plan == \\"pro\\" or seats > 10"}]}'),
    ],
    "too-many-segments": [
        ConfigCase(
            f'[[segment]]\nname = "A"\nwhere = "seats in {list(range(17))}"\nsplit = true\n', title="a split of 17"
        )
    ],
    "unexpected-token": [
        segment('where = "rating \\u003e \\u003e 3"\n'), yaml("segment:\n- name: A\n  where: 'a ''b'' c'\n")
    ],
    "unknown-definition": [ConfigCase('[define]\nengaged = "@activ"\nactive = "rating > 3"\n' + SEGMENT)],
    "definition-cycle": [ConfigCase('[define]\na = "@b"\nb = "@a"\n' + SEGMENT)],
    "undeclared-property": [
        ConfigCase("[properties]\nseats = \"integer\"\n[[segment]]\nname = 'A'\nwhere = 'seat > 5'\n")
    ],
    "unmapped-field": [
        SqlCase("seat > 3", {"columns": {"seats": "n_seats"}}),
        SqlCase("not (conversation.chanel == 'web' and rating > 2)", {"columns": {"conversation.channel": "channel"}}),
        SqlCase('user["2fa"]', {"columns": {}}),
    ],
    "unfit-column": [
        SqlCase('seats > 3 or seats == "many"', {"columns": {"seats": "n_seats"}}),
        SqlCase("seats > 3 or not seats", {"properties": {"column": "props", "type": "struct"}}),
    ],
    "not-in-dialect": [
        SqlCase("lastSeen within 7d", {"columns": {"lastSeen": {"column": "seen", "type": "rfc3339"}}}, dialect)
        for dialect in ("mysql", "bigquery")
    ],
    "scope-not-applied": [
        SqlCase('rating > 3 from 2026-01-01 for product "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"', {}),
    ],
}  # fmt: skip
"""Code → files; the diagnostics of each hold the code at least once."""
