"""The two short loops between the pure generators and the world: one blocks, one awaits."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from segdsl.remote.exchange import Answer, Request, Steps, Wait

_Result = TypeVar("_Result")


def drive(steps: Steps[_Result], perform: Callable[[Request], Answer], sleep: Callable[[float], None]) -> _Result:
    """Carries out what `steps` asks for, and returns its result.

    What interrupts it goes through `steps`, which may add a note, and comes out at once.
    """
    try:
        step = next(steps)
        while True:
            answer: Answer | None = None
            try:
                if isinstance(step, Wait):
                    sleep(step.seconds)
                else:
                    answer = perform(step)
            except BaseException as interruption:
                step = steps.throw(interruption)
            else:
                step = steps.send(answer)
    except StopIteration as done:
        result: _Result = done.value
        return result


async def drive_async(
    steps: Steps[_Result], perform: Callable[[Request], Awaitable[Answer]], sleep: Callable[[float], Awaitable[None]]
) -> _Result:
    """As `drive`, awaiting."""
    try:
        step = next(steps)
        while True:
            answer: Answer | None = None
            try:
                if isinstance(step, Wait):
                    await sleep(step.seconds)
                else:
                    answer = await perform(step)
            except BaseException as interruption:
                step = steps.throw(interruption)
            else:
                step = steps.send(answer)
    except StopIteration as done:
        result: _Result = done.value
        return result
