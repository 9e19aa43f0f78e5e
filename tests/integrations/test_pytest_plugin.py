"""The pytest plugin, in test runs of its own."""

import subprocess
import sys

import pytest

import segdsl.remote.client
import segdsl.sandbox.server  # noqa: F401  a run forgets the modules that it is the first to import

pytest_plugins = ["pytester"]


def test_a_test_gets_a_server_and_a_client(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import segdsl

        SEGMENT = segdsl.Segment(name="A", filters=segdsl.compile("rating > 3"))

        def test_client_and_sandbox_belong_together(segdsl_client, segdsl_sandbox):
            created = segdsl_client.create_segment(SEGMENT)
            assert [one.id for one in segdsl_sandbox.store.custom()] == [created.id]

        def test_each_test_begins_with_nothing(segdsl_sandbox):
            assert segdsl_sandbox.store.custom() == []

        def test_the_environment_leads_there(segdsl_sandbox):
            with segdsl.Client() as client:
                client.create_segment(SEGMENT)
            assert len(segdsl_sandbox.store.custom()) == 1
        """
    )
    pytester.runpytest_inprocess("-W", "error").assert_outcomes(passed=3)


def test_the_mark_says_how_the_server_runs(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import os
        import pytest
        import segdsl

        SEGMENT = segdsl.Segment(name="A", filters=segdsl.compile("rating > 3"))

        @pytest.mark.segdsl_sandbox(max_segments=0)
        def test_the_quota_is_used_up(segdsl_client):
            with pytest.raises(segdsl.QuotaExceededError):
                segdsl_client.create_segment(SEGMENT)

        def test_a_lost_answer_makes_no_second_segment(segdsl_client, segdsl_sandbox):
            segdsl_sandbox.faults.once("error-500-after-commit")
            segdsl_client.create_segment(SEGMENT)
            assert len(segdsl_sandbox.store.custom()) == 1

        def test_the_environment_is_as_it_was():
            assert "GREENFLASH_BASE_URL" not in os.environ
        """
    )
    result = pytester.runpytest_inprocess("--strict-markers", "--durations=0", "-W", "error")
    result.assert_outcomes(passed=3)


def test_a_wrong_mark_is_an_error_of_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.segdsl_sandbox(fault="drop")
        def test_something(segdsl_sandbox): ...
        """
    )
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*TypeError: running() got an unexpected keyword argument 'fault'*"])


def test_the_fixtures_and_the_mark_are_listed(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_inprocess("--fixtures", "--markers")
    result.stdout.fnmatch_lines(["@pytest.mark.segdsl_sandbox(max_segments=None, *"])
    pytester.makepyfile("def test_nothing(): ...")
    listed = pytester.runpytest_inprocess("--fixtures").stdout.str()
    assert "segdsl_sandbox -- " in listed
    assert "segdsl_client -- " in listed


def test_nothing_heavy_is_loaded_before_a_fixture_is_used() -> None:
    code = "import segdsl.pytest_plugin, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert {"httpx", "starlette", "uvicorn", "click", "lark"} & set(loaded) == set()
