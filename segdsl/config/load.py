"""Loading configs: from a path or a text to a `Config`, with every problem of the file where it stands."""

import errno
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from segdsl.config.document import HALF_PAIR, Document, FormatName
from segdsl.config.formats import EXTENSIONS, FORMATS, format_of
from segdsl.config.include import real_path, with_includes
from segdsl.config.model import Config, Loaded
from segdsl.config.reader import read_config
from segdsl.diagnostics import Diagnostic, Note
from segdsl.limits import MAX_CONFIG_BYTES
from segdsl.source import Source, Span
from segdsl.wire.segment import plain_name

_BOM = "\ufeff"
_UNKNOWN_FORMAT = f"the format of this file is unknown: its name should end in {', '.join(EXTENSIONS)}"
_OTHER_ENCODINGS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


# ── several files ──────────────────────────────────────────────────────────────────────────────────────────────────


def load_all(
    paths: Iterable[str | os.PathLike[str]], data: Mapping[str, bytes] | None = None
) -> tuple[tuple[Config, ...], tuple[Diagnostic, ...]]:
    """The readable configs of several files with their includes, and every problem of them.

    Each file is read once, and each problem is reported once, however many configs include its file. The names of
    segments must be unique across the files. `data` holds the bytes of files that are not to be read, by name.
    """
    files = Files(data or {})
    loaded = [files.load(path) for path in dict.fromkeys(os.fspath(path) for path in paths)]
    configs = tuple(config for config, _ in loaded if config is not None)
    problems = [problem for _, found in loaded for problem in found]
    return configs, tuple(dict.fromkeys((*problems, *_shared_names(configs))))


def load(path: str | os.PathLike[str]) -> Loaded:
    """The config in a `.toml`, `.yaml`, `.yml` or `.json` file, with its includes. No file makes it raise."""
    return Files().load(os.fspath(path))


def loads(
    text: str,
    name: str,
    format: FormatName,  # noqa: A002  the word that callers use
    data: Mapping[str, bytes] | None = None,
) -> Loaded:
    """The config in `text`, with its includes; diagnostics call the file `name`, and includes are relative to that.

    `data` holds the bytes of files that are not to be read, by name.
    """
    config, problems = _read_text(text, name, format)
    return Files(data).complete(config, problems)


class Files:
    """Reads each file once. `data` holds the bytes of files that are not to be read, by name."""

    def __init__(self, data: Mapping[str, bytes] | None = None) -> None:
        self._given = {real_path(name): (given, name) for name, given in (data or {}).items()}
        self._read: dict[str, Loaded] = {}
        self._names: list[str] = []

    def load(self, name: str) -> Loaded:
        """The config in a file, with its includes."""
        return self.complete(*self._file(name))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the requested files, including missing ones."""
        return tuple(self._names)

    def complete(self, config: Config | None, problems: tuple[Diagnostic, ...]) -> Loaded:
        """A config that was read, with its includes."""
        if config is None:
            return None, problems
        whole, of_includes = with_includes(config, self._file)
        return whole, (*problems, *of_includes)

    def _file(self, name: str) -> Loaded:
        real = real_path(name)
        if real not in self._read:
            self._names.append(name)
            self._read[real] = read_data(*self._given[real]) if real in self._given else read_file(name)
        return self._read[real]


def _shared_names(configs: Iterable[Config]) -> Iterator[Diagnostic]:
    first: dict[str, tuple[Config, Span]] = {}
    for config in configs:
        for segment in config.segments:
            name = plain_name(segment.name)
            holder, place = first.get(name, (config, Span(0, 0)))
            if holder is not config:
                yield Diagnostic(
                    "duplicate-name",
                    f"a segment of {holder.name} has the name `{segment.name}` too",
                    segment.span("name"),
                    config.source,
                    notes=(Note("it stands here first", place, holder.source),),
                    context=segment.label,
                )
            elif name and name not in first:
                first[name] = (config, segment.span("name"))


# ── one file ───────────────────────────────────────────────────────────────────────────────────────────────────────


def read_file(path: str | os.PathLike[str]) -> Loaded:
    """The config in one file, without its includes. No file makes it raise."""
    name = os.fspath(path)
    try:
        if not stat.S_ISREG(os.stat(name).st_mode):
            return _unreadable(
                "this is a folder, not a file" if os.path.isdir(name) else "this is not a plain file", name
            )
        if format_of(name) is None:
            return _unreadable(_UNKNOWN_FORMAT, name)
        with Path(name).open("rb") as file:
            data = file.read(MAX_CONFIG_BYTES + 1)
    except (OSError, ValueError) as error:  # a path with a NUL in it is a ValueError
        return _unreadable(_reason(error), name)
    if len(data) > MAX_CONFIG_BYTES:
        return _unreadable(f"the file is larger than {MAX_CONFIG_BYTES >> 20} MiB", name)
    return read_data(data, name)


def read_data(data: bytes, name: str) -> Loaded:
    """The config in the bytes of the file `name`, without its includes."""
    form = format_of(name)
    if form is None:
        return _unreadable(_UNKNOWN_FORMAT, name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(data, error.start, name)
    return _read_text(text, name, form.name)


def _read_text(text: str, name: str, format: FormatName) -> Loaded:  # noqa: A002  as in `loads`
    source = Source(text.removeprefix(_BOM), name)
    half = HALF_PAIR.search(source.text)
    if half:
        message = "half a surrogate pair, which no file can hold"
        return None, (Diagnostic("unreadable-config", message, Span(*half.span()), source),)
    form = FORMATS[format]
    parsed = form.read(source)
    if parsed.problems:
        return None, parsed.problems
    return read_config(Document(source, form, parsed), bom=text.startswith(_BOM))


def _reason(error: Exception) -> str:
    reasons = {errno.ENOENT: "there is no such file", errno.EACCES: "the file may not be read"}
    known = reasons.get(error.errno or 0) if isinstance(error, OSError) else None
    return known or f"the file cannot be read: {getattr(error, 'strerror', None) or error}"


def _not_utf8(data: bytes, start: int, name: str) -> Loaded:
    source = Source(data.decode("utf-8", "replace"), name)
    at = len(data[:start].decode("utf-8"))
    encoding = _OTHER_ENCODINGS.get(data[:2])
    message = f"the file is {encoding}" if encoding else f"this byte, 0x{data[start]:02x}, is not UTF-8"
    help_ = "save the file as UTF-8"
    return None, (Diagnostic("unreadable-config", message, Span(at, at + 1), source, (help_,)),)


def _unreadable(message: str, name: str) -> Loaded:
    return None, (Diagnostic("unreadable-config", message, Span(0, 0), Source("", name)),)
