"""Running counts, which end early when nobody waits for them any more."""

import threading


class OutdatedCountError(ValueError):
    """A count that was cancelled: the page has asked for another one, or is gone."""


class Run:
    """A count that runs in one thread; any thread may cancel it."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Cancels the count; it ends soon."""
        self._cancelled.set()

    def check(self, _percent: float = 0.0) -> None:
        """Raises `OutdatedCountError` if the count was cancelled; a running query calls this again and again."""
        if self._cancelled.is_set():
            raise OutdatedCountError("a newer count took the place of this one")


class Runs:
    """The newest count of each page."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: dict[str, Run] = {}

    def enter(self, page: str, run: Run) -> None:
        """Makes this the newest count of its page, and cancels the one before. "" is no page."""
        if not page:
            return
        with self._lock:
            before = self._newest.get(page)
            self._newest[page] = run
        if before is not None:
            before.cancel()

    def leave(self, page: str, run: Run) -> None:
        """Forgets a count that has ended."""
        with self._lock:
            if self._newest.get(page) is run:
                del self._newest[page]
