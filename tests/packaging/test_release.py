"""What `make release-check` finds wrong with a wheel and an sdist."""

import io
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from release.distributions import files_of_sdist, files_of_wheel, problems, sizes


def with_file(wheel: Path, folder: Path, name: str) -> Path:
    """A copy of the wheel that holds one more file."""
    copy = Path(shutil.copy(wheel, folder))
    with zipfile.ZipFile(copy, "a") as archive:
        archive.writestr(name, "")
    return copy


def without(wheel: Path, folder: Path, keep: Callable[[str], bool]) -> Path:
    """A copy of the wheel with only the files whose names `keep` accepts."""
    copy = folder / wheel.name
    with zipfile.ZipFile(wheel) as archive, zipfile.ZipFile(copy, "w") as thinner:
        for name in filter(keep, archive.namelist()):
            thinner.writestr(name, archive.read(name))
    return copy


def test_what_this_checkout_makes_could_be_published_once_its_changelog_is_cut(wheel: Path, sdist: Path) -> None:
    assert [problem for problem in problems(wheel, sdist) if not problem.startswith("CHANGELOG.md ")] == []


@pytest.mark.parametrize("name", ["tests/test_main.py", "segdsl/syntax/spike.txt", "segdsl/cli/test_data/users.jsonl"])
def test_a_file_that_does_not_belong_in_the_wheel_is_reported(
    wheel: Path, sdist: Path, tmp_path: Path, name: str
) -> None:
    assert f"the wheel holds {name}" in list(problems(with_file(wheel, tmp_path, name), sdist))


@pytest.mark.parametrize("name", ["segdsl/grammar/segdsl.lark", "segdsl/py.typed"])
def test_a_missing_file_is_reported(wheel: Path, sdist: Path, tmp_path: Path, name: str) -> None:
    thinner = without(wheel, tmp_path, lambda one: one != name)
    assert f"the wheel lacks {name}" in list(problems(thinner, sdist))


def test_clutter_in_the_sdist_is_reported(wheel: Path, sdist: Path, tmp_path: Path) -> None:
    copy = tmp_path / sdist.name
    with tarfile.open(sdist) as archive, tarfile.open(copy, "w:gz") as cluttered:
        for entry in archive:
            cluttered.addfile(entry, archive.extractfile(entry))
        cluttered.addfile(tarfile.TarInfo("segdsl-0/web/node_modules/left-pad/index.js"), io.BytesIO())
    assert "the sdist holds web/node_modules/left-pad/index.js" in list(problems(wheel, copy))


def test_sizes_add_up(wheel: Path, sdist: Path) -> None:
    for files, depth in ((files_of_wheel(wheel), 2), (files_of_sdist(sdist), 1)):
        rows = sizes(files, depth)
        assert sum(count for _, count, _ in rows) == len(files)
        assert sum(size for _, _, size in rows) == sum(files.values())
