"""From paths to findings: which files are meant, reading them, and linting many at once.

Rules and parsers are loaded when a text is linted, so that a run that finds everything in the cache needs neither.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from glob import glob, has_magic
from pathlib import Path
from typing import TYPE_CHECKING

from runbook_ls.lint.finding import Finding
from runbook_ls.lint.ignored_files import GitIgnore
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
_WORTH_PROCESSES = 1_500_000  # bytes of markdown; starting processes costs what linting half of this does


@dataclass(frozen=True, slots=True)
class Report:
    """What lint says about some files. `complaints` are sentences about paths that could not be linted."""

    findings: tuple[Finding, ...]
    files: int
    complaints: tuple[str, ...] = ()


def find_files(paths: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The markdown files that `paths` mean, and one sentence for each path that means none.

    A file is taken as it is. A directory is searched for *.md, *.markdown and *.mdx, passing over what .gitignore
    excludes and vendored folders. Patterns such as `docs/**/*.md` are expanded. Each file comes once, in order.
    """
    files: list[str] = []
    complaints: list[str] = []
    for path in paths:
        if Path(path).is_dir():
            found = sorted(_search(path))
            if not found:
                complaints.append(f"{path}: this directory has no markdown file (*.md, *.markdown, *.mdx).")
            files += found
        elif Path(path).exists():
            files.append(path)
        elif has_magic(path) and (matches := sorted(glob(path, recursive=True))):  # noqa: PTH207 (as the path was given)
            files += (match for match in matches if Path(match).is_file())
        else:
            complaints.append(f"{path}: there is no such file or directory.")
    return tuple(dict.fromkeys(files)), tuple(complaints)


def read_runbook(path: str) -> str:
    """The text of a markdown file, line ends kept. RunbookError if it cannot be read, is binary or is not UTF-8."""
    return _decode(path, _read_bytes(path))


def lint_text(text: str, file: str, settings: LintSettings, *, ask_bash: bool = True) -> tuple[Finding, ...]:
    """What lint says about one text; `file` is what it is called in the findings."""
    from runbook_ls.document import parse
    from runbook_ls.document.lines import split_lines, without_ending
    from runbook_ls.lint import engine, external

    runbook = parse(text)
    problems = engine.check(runbook, settings=settings.for_file(file))
    problems = external.confirm(runbook, problems, ask=ask_bash)
    if not problems:
        return ()
    lines = [without_ending(line) for line in split_lines(text)]
    return tuple(Finding(file, problem, _line(lines, problem)) for problem in problems)


def lint_paths(
    paths: Sequence[str], settings: LintSettings, *, ask_bash: bool = True, cache: Path | None = None
) -> Report:
    """Lint files and directories. What cannot be read becomes a complaint, and the others are still linted.

    Uses several processes where there is enough to do for them. `cache` is a folder for what was found, by the
    digest of the texts. Raises RunbookError if the settings name a rule that there is not.
    """
    if settings != LintSettings():
        from runbook_ls.lint.engine import validate

        validate(settings)
    memory = _open_cache(cache, settings, ask_bash)
    files, complaints = find_files(paths)
    linted: dict[str, tuple[Finding, ...] | str] = {}
    unknown: list[tuple[str, bytes]] = []
    for file in files:
        try:
            data = _read_bytes(file)
        except RunbookError as error:
            linted[file] = str(error)
            continue
        found = memory.find(data, file) if memory else None
        if found is None:
            unknown.append((file, data))
        else:
            linted[file] = found
    lint = partial(_lint_data, settings=settings, ask_bash=ask_bash)
    for (file, data), found_now in zip(unknown, _map(lint, unknown), strict=True):
        linted[file] = found_now
        if memory and not isinstance(found_now, str):
            memory.keep(data, found_now)
    if memory:
        memory.write()
    results = [linted[file] for file in files]
    return Report(
        findings=tuple(finding for result in results if not isinstance(result, str) for finding in result),
        files=sum(not isinstance(result, str) for result in results),
        complaints=(*complaints, *(result for result in results if isinstance(result, str))),
    )


def _lint_data(item: tuple[str, bytes], settings: LintSettings, ask_bash: bool) -> tuple[Finding, ...] | str:
    """The findings of a file, or one sentence why there are none."""
    try:
        return lint_text(_decode(*item), item[0], settings, ask_bash=ask_bash)
    except RunbookError as error:
        return str(error)


def _read_bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise RunbookError(f"{path}: this file cannot be read: {reason}.") from None


def _decode(path: str, data: bytes) -> str:
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


def _open_cache(folder: Path | None, settings: LintSettings, ask_bash: bool) -> Cache | None:
    if folder is None:
        return None
    from runbook_ls.lint.cache import Cache

    return Cache.open(folder, settings, ask_bash=ask_bash)


def _search(directory: str) -> Iterator[str]:
    ignored = GitIgnore.above(directory)
    for folder, folders, names in os.walk(directory):
        here = Path(folder)
        ignored.enter(here)
        folders[:] = (
            name
            for name in folders
            if name not in VENDORED and not ignored.matches(here / name, is_folder=True)
        )
        for name in names:
            if name.lower().endswith(_MARKDOWN) and not ignored.matches(here / name, is_folder=False):
                yield str(here / name)


_Item = tuple[str, bytes]
_Outcome = tuple[Finding, ...] | str


def _map(lint: Callable[[_Item], _Outcome], items: Sequence[_Item]) -> Iterator[_Outcome]:
    processes = min(os.cpu_count() or 1, 8, len(items))
    if processes < 2 or sum(len(data) for _, data in items) < _WORTH_PROCESSES:
        yield from map(lint, items)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(lint, items, chunksize=max(1, min(32, len(items) // (4 * processes))))
