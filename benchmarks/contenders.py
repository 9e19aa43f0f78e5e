"""The contenders: segdsl, the yardstick, and the installed peers."""

import ast
import json
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

YARDSTICK = "plain Lark: tree (the yardstick)"
SEGDSL = "segdsl: text to filters JSON"


class Contender(NamedTuple):
    """A name for people, the package (for its version), the dialect that it reads, and its work on a text."""

    name: str
    package: str
    dialect: str
    work: Callable[[str], object]


def plain_lark() -> Callable[[str], object]:
    """Lark as a user would set it up for this: LALR, contextual lexer, tree."""
    from lark import Lark

    grammar = Path(__file__).with_name("yardstick.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual").parse


def _segdsl() -> Callable[[str], object]:
    import segdsl

    return lambda text: segdsl.compile(text).to_json()


def _segdsl_parse() -> Callable[[str], object]:
    import segdsl

    return segdsl.parse


def _cel_rust() -> Callable[[str], object]:
    import cel

    compile_: Callable[[str], object] = cel.compile
    return compile_


def _cel_cpp() -> Callable[[str], object]:
    from cel_expr_python import cel

    environment = cel.NewEnv()
    return lambda text: environment.compile(text, disable_check=True)


def _cel_python() -> Callable[[str], object]:
    import celpy

    compile_: Callable[[str], object] = celpy.Environment().compile
    return compile_


def _odata() -> Callable[[str], object]:
    from odata_query.grammar import ODataLexer, ODataParser
    from odata_query.sql.base import AstToSqlVisitor

    lexer, parser = ODataLexer(), ODataParser()
    return lambda text: AstToSqlVisitor().visit(parser.parse(lexer.tokenize(text)))


def _rule_engine() -> Callable[[str], object]:
    import rule_engine

    make: Callable[[str], object] = rule_engine.Rule
    return make


def _markers() -> Callable[[str], object]:
    from packaging.markers import Marker

    return Marker


_TABLE: tuple[tuple[str, str, str, Callable[[], Callable[[str], Any]]], ...] = (
    (YARDSTICK, "lark", "segdsl", plain_lark),
    (SEGDSL, "segdsl", "segdsl", _segdsl),
    ("segdsl: parse", "segdsl", "segdsl", _segdsl_parse),
    ("CEL in Rust: compile", "common-expression-language", "cel", _cel_rust),
    ("CEL in C++: compile, no type check", "cel-expr-python", "cel", _cel_cpp),
    ("cel-python (on Lark): compile", "cel-python", "cel", _cel_python),
    ("odata-query (on SLY): parse, SQL", "odata-query", "odata", _odata),
    ("rule-engine (on PLY): Rule(text)", "rule-engine", "segdsl", _rule_engine),
    ("packaging.markers: Marker(text)", "packaging", "markers", _markers),
    ("CPython: ast.parse", "", "python", lambda: lambda text: ast.parse(text, mode="eval")),
    ("CPython: json.loads of the equivalent JSON", "", "json", lambda: json.loads),
)


def contenders() -> list[Contender]:
    """All installed contenders, in the order of the table."""
    found = []
    for name, package, dialect, load in _TABLE:
        try:
            found.append(Contender(name, package, dialect, load()))
        except ImportError:
            print(f"not installed: {package}")
    return found


def own(field: Iterable[Contender]) -> list[Contender]:
    """segdsl's own contenders, and the yardstick."""
    return [one for one in field if one.package in ("segdsl", "lark")]


def versions() -> dict[str, str]:
    """The versions of their packages, and of segdsl's dependencies."""
    packages = [package for _, package, _, _ in _TABLE if package]
    return {package: _version(package) for package in dict.fromkeys([*packages, "msgspec", "httpx", "click"])}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
