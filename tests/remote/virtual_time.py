"""An event loop in which sleeping takes no time: its clock jumps to the next scheduled call."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class _Jumping(selectors.DefaultSelector):
    """There are no sockets to wait for: it advances the loop's clock instead."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        self.now += timeout or 0.0
        return super().select(0)


class _VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """`asyncio.run`, in virtual time: `asyncio.get_running_loop().time()` is the clock."""
    with asyncio.Runner(loop_factory=_VirtualLoop) as runner:
        return runner.run(main)
