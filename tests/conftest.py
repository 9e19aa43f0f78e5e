"""How the tests are run, by two variables of the environment.

SEGDSL_HYPOTHESIS_PROFILE is how hard the property tests try: `ci` (the default), `dev` or `deep`.
SEGDSL_UPDATE_SNAPSHOTS writes the snapshot files anew, so that a change shows in their diff.
"""

import gc
import os
import signal
from collections.abc import Generator, Iterator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci", max_examples=40, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Starts with the longest tests, so that no worker is left with one of them in the end."""
    items.sort(key=lambda item: item.path.parent.name not in ("web", "typing"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Sends no keywords of a test that passed from its worker: they are most of a report, and nothing reads them."""
    report = yield
    if report.passed:
        report.keywords = {}
    return report


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
