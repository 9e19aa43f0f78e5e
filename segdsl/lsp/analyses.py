"""Analyses of expressions that are remembered from one version of a document to the next."""

from collections.abc import Callable, Hashable
from typing import Any

from segdsl.config.check import declared_in
from segdsl.config.model import Config
from segdsl.diagnostics import Diagnostic
from segdsl.environment import Environment, ExpressionOrText, Parameters
from segdsl.limits import MAX_SEGMENTS
from segdsl.semantics.advice import CONFIG
from segdsl.wire.filters import Filters


class RememberingEnvironment(Environment):
    """The environment of a document, which analyses each of its expressions once for all versions that hold it.

    `renewed` forgets the expressions that the last version did not hold, so memory is bounded by the document.
    """

    def __init__(self, config: Config) -> None:
        self.declared = declared_in(config)
        super().__init__(*self.declared, advice=CONFIG)
        self._before: dict[Hashable, Any] = {}
        self._now: dict[Hashable, Any] = {}

    def renewed(self, config: Config) -> "RememberingEnvironment":
        """The environment of the next version, `config`: this one if the same is declared there."""
        if declared_in(config) != self.declared:
            return RememberingEnvironment(config)
        self._before, self._now = self._now, {}
        return self

    def analyse(
        self, expression: ExpressionOrText, params: Parameters | None = None, max_segments: int = MAX_SEGMENTS
    ) -> tuple[tuple[Filters, ...], tuple[Diagnostic, ...]]:
        """As `Environment.analyse`; texts without parameters are remembered."""
        make = super().analyse
        if params is not None or not isinstance(expression, str):
            return make(expression, params, max_segments)
        key = (expression, max_segments)
        found: tuple[tuple[Filters, ...], tuple[Diagnostic, ...]]
        found = self._remembered(key, lambda: make(expression, None, max_segments))
        return found

    def check_definition(self, name: str, params: Parameters | None = None) -> tuple[Diagnostic, ...]:
        """As `Environment.check_definition`; remembered unless there are parameters."""
        make = super().check_definition
        if params is not None:
            return make(name, params)
        found: tuple[Diagnostic, ...] = self._remembered(name, lambda: make(name))
        return found

    def _remembered(self, key: Hashable, make: Callable[[], Any]) -> Any:
        if key not in self._now:
            self._now[key] = self._before[key] if key in self._before else make()
        return self._now[key]
