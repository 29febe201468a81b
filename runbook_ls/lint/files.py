"""From paths to findings: which files are meant, reading them, and linting many at once.

Rules and parsers are loaded when a text is linted, so that a run that finds everything in the cache needs neither.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from runbook_ls.files import read_regular
from runbook_ls.lint import surroundings
from runbook_ls.lint.checkers import find_bash, find_shellcheck
from runbook_ls.lint.finding import Finding
from runbook_ls.lint.ignored_files import GitIgnore
from runbook_ls.lint.processes import spread
from runbook_ls.lint.rows import Row, of_row, quotes_secret, to_row
from runbook_ls.lint.settings import LintSettings
from runbook_ls.values import Problem, RunbookError

if TYPE_CHECKING:
    from runbook_ls.lint.cache import Cache

_MARKDOWN = (".md", ".markdown", ".mdx")
VENDORED = frozenset(
    {".git", ".hg", ".svn", ".tox", ".nox", ".venv", "venv", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
    | {
        "__pycache__",
        "node_modules",
        "bower_components",
        "site-packages",
        "vendor",
        "third_party",
        ".terraform",
    }
)
_WORTH_PROCESSES = 150_000  # bytes of markdown: a process more costs what linting a tenth of this does


class Report(NamedTuple):
    """What lint says about some files. `complaints` are sentences about paths that could not be linted."""

    findings: tuple[Finding, ...]
    files: int
    complaints: tuple[str, ...] = ()


def find_files(
    paths: Sequence[str], settings: LintSettings | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The markdown files that `paths` mean, and one sentence for each path that means none.

    A file is taken as it is. A directory is searched for *.md, *.markdown and *.mdx, passing over what .gitignore
    or the settings exclude, vendored folders, and links to nothing (the locks of Emacs are such). Patterns such as
    `docs/**/*.md` are expanded. Each file comes once, in order, by the name that it has first.
    """
    chosen = settings or LintSettings()
    files: list[str] = []
    complaints: list[str] = []
    for path in paths:
        if Path(path).is_dir():
            found = sorted(_search(path, chosen))
            if not found:
                complaints.append(f"{path}: this directory has no markdown file (*.md, *.markdown, *.mdx).")
            files += found
        elif Path(path).exists():
            files.append(path)
        elif matches := _matches(path):
            files += (match for match in matches if Path(match).is_file())
        else:
            complaints.append(f"{path}: there is no such file or directory.")
    if len(paths) > 1:  # else no file can have come by two names
        first: dict[str, str] = {}
        for file in files:
            first.setdefault(os.path.normpath(file), file)
        files = list(first.values())
    return tuple(files), tuple(complaints)


def _matches(pattern: str) -> list[str]:
    from glob import glob, has_magic  # few are given a pattern

    return sorted(glob(pattern, recursive=True)) if has_magic(pattern) else []  # noqa: PTH207 (as the path was given)


def read_runbook(path: str) -> str:
    """The text of a markdown file, line ends kept. RunbookError if it cannot be read, is binary or is not UTF-8."""
    return decode(path, _read_bytes(path))


def lint_text(text: str, file: str, settings: LintSettings, *, ask: bool = True) -> tuple[Finding, ...]:
    """What lint says about one text; `file` is what it is called in the findings, and where its links begin.

    `ask` lets bash and shellcheck, where they are installed, look at the shell cells.
    """
    return surroundings.confirm(_lint_text(text, file, settings, ask=ask))


def _lint_text(text: str, file: str, settings: LintSettings, *, ask: bool) -> tuple[Finding, ...]:
    """What is true of the text wherever it lies, and suspicions for `surroundings.confirm`."""
    from runbook_ls.document import parse
    from runbook_ls.document.lines import split_lines, without_ending
    from runbook_ls.lint import engine, external

    runbook = parse(text)
    rules = settings.for_file(file)
    problems = engine.check(runbook, settings=rules, more=external.more_problems(runbook, rules, ask=ask))
    problems = external.confirm(runbook, problems, ask=ask)
    if not problems:
        return ()
    lines = list(map(without_ending, split_lines(text)))  # once: a long line may have thousands of findings
    return tuple(Finding(file, problem, _line(lines, problem)) for problem in problems)


def lint_paths(
    paths: Sequence[str], settings: LintSettings, *, ask: bool = True, cache: Path | None = None
) -> Report:
    """Lint files and directories. What cannot be read becomes a complaint, and the others are still linted.

    Uses several processes where there is enough to do for them. `ask` is as for `lint_text`; `cache` is a folder for
    what was found, by the digest of the texts. Raises RunbookError if the settings name a rule that there is not.
    """
    memory = _open_cache(cache, settings, ask)
    if memory is None or not memory.known:  # else these very settings were checked before
        from runbook_ls.lint.engine import validate

        validate(settings)
    files, complaints = find_files(paths, settings)
    linted, read = _remembered(files, memory) if memory and memory.known else ({}, {})
    unknown = [file for file in files if file not in linted]
    looks = spread(
        lambda number: _look(unknown[number], read.get(unknown[number]), settings, memory, ask=ask),
        list(map(_size, unknown)),
        worth=_WORTH_PROCESSES,
        pack=_Look.packed,
        unpack=lambda number, plain: _Look.of_packed(unknown[number], plain),
    )
    for file, look in zip(unknown, looks, strict=True):
        linted[file] = look.complaint or look.findings
        if memory and look.digest:
            memory.keep(look.digest, look.rows)
    if memory:
        memory.write()
    results = [linted[file] for file in files]
    findings = [finding for result in results if not isinstance(result, str) for finding in result]
    return Report(
        findings=surroundings.confirm(findings),
        files=sum(not isinstance(result, str) for result in results),
        complaints=(*complaints, *(result for result in results if isinstance(result, str))),
    )


def _remembered(
    files: Iterable[str], memory: Cache
) -> tuple[dict[str, Sequence[Finding] | str], dict[str, bytes]]:
    """The findings of those files that the cache knows, or one sentence why one cannot be read; and what stands in the
    others (a pipe can be read once)."""
    linted: dict[str, Sequence[Finding] | str] = {}
    read: dict[str, bytes] = {}
    for file in files:
        try:
            data = _read_bytes(file)
        except RunbookError as error:
            linted[file] = str(error)
            continue
        found = memory.find(data, file)
        if found is None:
            read[file] = data
        else:
            linted[file] = found
    return linted, read


class _Look(NamedTuple):
    """What came of a look at one file: one sentence if there could be none, and for the cache, if it is to keep them,
    the findings as rows and the digest of the text."""

    findings: Sequence[Finding] = ()
    complaint: str = ""
    rows: Sequence[Row] = ()
    digest: str = ""

    def packed(self) -> object:
        """In plain values, for another process."""
        rows = self.rows or list(map(to_row, self.findings))
        return rows, [finding.source for finding in self.findings], self.complaint, self.digest

    @classmethod
    def of_packed(cls, file: str, plain: tuple[Sequence[Row], Sequence[str], str, str]) -> _Look:
        """The look at `file` that was packed so."""
        rows, sources, complaint, digest = plain
        return cls(tuple(map(of_row, repeat(file), rows, sources)), complaint, rows, digest)


def _look(file: str, data: bytes | None, settings: LintSettings, memory: Cache | None, *, ask: bool) -> _Look:
    """Lint a file. `data` is what stands in it, None if nobody has read it yet: many processes read faster than one."""
    try:
        data = _read_bytes(file) if data is None else data
        findings = _lint_text(decode(file, data), file, settings, ask=ask)
    except RunbookError as error:
        return _Look(complaint=str(error))
    if memory is None:
        return _Look(findings)
    rows = list(map(to_row, findings))
    return _Look(findings, rows=rows, digest="" if quotes_secret(rows) else memory.digest(data, file))


def _size(file: str) -> int:
    """Bytes; 0 for what is not there any more."""
    try:
        return os.stat(file).st_size  # noqa: PTH116
    except OSError:
        return 0


def _read_bytes(path: str) -> bytes:
    try:
        return read_regular(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise RunbookError(f"{path}: this file cannot be read: {reason}.") from None


def decode(path: str, data: bytes) -> str:
    """The text in the bytes of the file `path`, line ends kept. RunbookError if they are binary or not UTF-8."""
    if b"\0" in data:
        raise RunbookError(f"{path}: this is a binary file, not markdown.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RunbookError(
            f"{path}: this file is not UTF-8 (line {line}); convert it and try again."
        ) from None


def _line(lines: Sequence[str], problem: Problem) -> str:
    number = problem.span.start.line if problem.span else 0
    return lines[number] if number < len(lines) else ""


def _open_cache(folder: Path | None, settings: LintSettings, ask: bool) -> Cache | None:
    if folder is None:
        return None
    from runbook_ls.lint.cache import Cache

    checkers = (find_bash() or "", find_shellcheck() or "") if ask else ()
    return Cache.open(folder, settings, checkers=checkers)


def _search(directory: str, settings: LintSettings) -> Iterator[str]:
    ignored = GitIgnore.above(directory)

    def is_left_out(path: str, *, is_folder: bool) -> bool:
        return ignored.matches(path, is_folder=is_folder) or settings.excludes(path, is_folder=is_folder)

    folders = [os.path.join(Path(directory), "")]  # noqa: PTH118 (`os.walk` takes twice as long)
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                found = list(entries)
        except OSError:
            continue
        if any(entry.name == ".gitignore" for entry in found):
            ignored.enter(folder)
        start = folder.removeprefix(f"{os.curdir}{os.sep}")
        for entry in found:
            name = entry.name
            if _is_folder(entry):
                if not (entry.is_symlink() or name in VENDORED or is_left_out(start + name, is_folder=True)):
                    folders.append(f"{folder}{name}{os.sep}")
            elif (
                name.lower().endswith(_MARKDOWN)
                and _is_there(entry)
                and not is_left_out(start + name, is_folder=False)
            ):
                yield start + name


def _is_there(entry: os.DirEntry[str]) -> bool:
    """False for a link to nothing. One to itself is there, to be told."""
    return (
        not entry.is_symlink() or Path(os.path.realpath(entry.path)).is_symlink() or Path(entry.path).exists()
    )


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False
