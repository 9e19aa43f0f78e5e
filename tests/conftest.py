"""How the tests are run, by two variables of the environment.

SEGDSL_HYPOTHESIS_PROFILE is how hard the property tests try: `ci` (the default), `dev` or `deep`.
SEGDSL_UPDATE_SNAPSHOTS writes the snapshot files anew, so that a change shows in their diff.
"""

import gc
import os
import signal
from collections.abc import Iterator

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci", max_examples=30, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("dev", max_examples=60, deadline=None)
settings.register_profile(
    "deep", max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
settings.load_profile(os.environ.get("SEGDSL_HYPOTHESIS_PROFILE", "ci"))

# a shell lets what it runs in the background ignore Ctrl-C, and so would the tests of Ctrl-C, and their children
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Keeps ten thousand tests, which live as long as the run, out of each of its garbage collections."""
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: while a test waits, for a browser or a process, another one runs."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Starts with the longest tests, so that no worker is left with one of them in the end."""
    items.sort(key=lambda item: item.path.parent.name != "web")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Reports a test that passed once, without its keywords.

    A worker sends all reports to the process that started it. pytest makes three for each test and says when it
    begins and ends: ten thousand times, this costs more than many of the tests.
    """
    for report in runtestprotocol(item, nextitem=nextitem, log=False):
        if report.passed:
            report.keywords = {}
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    return True


@pytest.fixture(autouse=True, scope="session")
def _own_state_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keeps pushes of tests out of the state folder of the user who runs them."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture
def updating() -> bool:
    """Whether to write the snapshot files anew."""
    return bool(os.environ.get("SEGDSL_UPDATE_SNAPSHOTS"))
