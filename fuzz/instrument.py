"""The modules whose coverage guides the fuzzers.

segdsl imports most of its modules when they are first used, which is after atheris has stopped instrumenting; so all
modules of the compiler are imported here at once.
"""

from importlib import import_module
from pkgutil import walk_packages

import atheris

PACKAGES = ("diagnostics", "syntax", "semantics", "lowering", "wire", "compiler")


def instrument() -> None:
    """Imports the compiler, instrumented; to be called before segdsl is imported otherwise."""
    with atheris.instrument_imports(include=["segdsl"]):
        import_module("segdsl.environment")
        for package in PACKAGES:
            for module in walk_packages(import_module(f"segdsl.{package}").__path__, f"segdsl.{package}."):
                import_module(module.name)
