"""No input is ever run as code: what the sources may not call or import, for any purpose."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest

PACKAGE = Path(__file__).parents[1] / "segdsl"
FILES = sorted(PACKAGE.rglob("*.py"))
UNSAFE_CALLS = {"eval", "exec", "__import__", "breakpoint", "input"}
UNSAFE_MODULES = {
    "pickle", "marshal", "shelve", "dill", "cloudpickle", "ctypes", "code", "codeop", "runpy", "subprocess", "pty",
    "xml", "telnetlib", "ftplib", "imp", "zipimport", "cgi", "crypt",
}  # fmt: skip
UNSAFE_ATTRIBUTES = {
    "os": {"system", "popen", "execv", "execve", "spawnv", "startfile"},
    "yaml": {
        "load", "load_all", "unsafe_load", "unsafe_load_all", "full_load", "full_load_all", "Loader", "CLoader",
        "UnsafeLoader", "FullLoader", "CUnsafeLoader", "CFullLoader", "UnsafeConstructor", "FullConstructor",
        "Constructor",
    },
    "tempfile": {"mktemp"},
    "random": {"seed"},
    "hashlib": {"md5", "sha1"},
    "ssl": {"_create_unverified_context", "CERT_NONE"},
    "httpx": {"get", "post", "put", "request", "stream"},  # these follow the environment's proxies
    "logging": {"basicConfig"},
}  # fmt: skip
UNSAFE_ARGUMENTS = {("shell", True), ("verify", False), ("follow_redirects", True)}


Node = TypeVar("Node", bound=ast.AST)


@cache
def trees() -> tuple[tuple[Path, tuple[ast.AST, ...]], ...]:
    """The nodes of each file of the package, read once."""
    return tuple(
        (file.relative_to(PACKAGE), tuple(ast.walk(ast.parse(file.read_text(encoding="utf-8"), str(file)))))
        for file in FILES
    )


def nodes(kind: type[Node]) -> Iterator[tuple[str, Node]]:
    """Each node of a kind, with its place."""
    for file, found in trees():
        for node in found:
            if isinstance(node, kind):
                yield f"{file}:{getattr(node, 'lineno', 0)}", node


def imported() -> Iterator[tuple[str, str]]:
    """Each module that a file imports, by its full name."""
    for place, plain in nodes(ast.Import):
        yield from ((place, alias.name) for alias in plain.names)
    for place, node in nodes(ast.ImportFrom):
        if node.module:
            yield place, node.module
            yield from ((place, f"{node.module}.{alias.name}") for alias in node.names)


def test_there_is_something_to_look_at() -> None:
    assert len(FILES) > 100
    assert {path.parts[0] for path, _ in trees()} >= {"syntax", "semantics", "lowering", "wire", "remote", "cli"}


def test_no_module_is_imported_that_runs_or_unpacks_data() -> None:
    assert [(place, name) for place, name in imported() if name.partition(".")[0] in UNSAFE_MODULES] == []


def test_no_call_runs_its_arguments_as_code() -> None:
    calls = [(place, node.func) for place, node in nodes(ast.Call)]
    names = [(place, function.id) for place, function in calls if isinstance(function, ast.Name)]
    assert [(place, name) for place, name in names if name in UNSAFE_CALLS] == []


def test_the_builtin_compile_is_not_called() -> None:
    for file, found in trees():
        called = {node.func.id for node in found if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        defined = {node.name for node in found if isinstance(node, ast.FunctionDef)}
        taken = {it.asname or it.name for node in found if isinstance(node, ast.ImportFrom) for it in node.names}
        assert "compile" not in called - defined - taken, file


def test_no_attribute_that_runs_unpacks_or_trusts() -> None:
    unsafe = [
        (place, f"{node.value.id}.{node.attr}")
        for place, node in nodes(ast.Attribute)
        if isinstance(node.value, ast.Name) and node.attr in UNSAFE_ATTRIBUTES.get(node.value.id.lstrip("_"), ())
    ]
    unsafe += [
        (place, name)
        for place, name in imported()
        if name.rpartition(".")[2] in UNSAFE_ATTRIBUTES.get(name.rpartition(".")[0], ())
    ]
    assert unsafe == []


def test_no_argument_that_opens_a_door() -> None:
    given = [
        (place, argument.arg, argument.value.value)
        for place, node in nodes(ast.Call)
        for argument in node.keywords
        if isinstance(argument.value, ast.Constant)
    ]
    assert [one for one in given if one[1:] in UNSAFE_ARGUMENTS] == []


@pytest.mark.parametrize(
    "allowed", [{"__init__.py", "sandbox/__init__.py", "cli/main.py", "compiler.py", "sql/dialects/__init__.py"}]
)
def test_modules_are_imported_by_name_only_from_tables(allowed: set[str]) -> None:
    places = [
        place.partition(":")[0]
        for place, node in nodes(ast.Call)
        if isinstance(node.func, ast.Name) and node.func.id == "import_module"
    ]
    assert set(places) <= allowed


def test_only_texts_of_our_own_tables_are_formatted() -> None:
    """`str.format` lets a text read attributes of its arguments, so the text must be ours."""
    tables = {"semantics/advice.py", "diagnostics/excerpt.py", "guide/examples.py"}
    tables |= {"syntax/errors/explanations.py", "syntax/errors/lone_literals.py"}
    # JSON, the formats of documents, Environment.format
    other_formats = {"cli/compile.py", "lsp/cursor.py", "lsp/semantic_tokens.py", "studio/session.py"}
    places = {
        place.partition(":")[0]
        for place, node in nodes(ast.Call)
        if isinstance(node.func, ast.Attribute)
        and node.func.attr in ("format", "format_map")
        and not isinstance(node.func.value, ast.Constant)
    }
    assert places == tables | other_formats
