"""From paths to findings: which files are meant, reading them, and linting many at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from glob import glob, has_magic
from itertools import chain
from pathlib import Path

from runbook_ls.document import parse
from runbook_ls.document.lines import split_lines, without_ending
from runbook_ls.lint import engine, external
from runbook_ls.lint.engine import LintSettings
from runbook_ls.lint.finding import Finding
from runbook_ls.lint.ignored_files import GitIgnore
from runbook_ls.values import Problem, RunbookError

_MARKDOWN = (".md", ".markdown", ".mdx")
_VENDORED = frozenset(
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


_Linted = tuple[tuple[Finding, ...], str | None]  # the findings of one file, or a sentence why there are none


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
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise RunbookError(f"{path}: this file cannot be read: {reason}.") from None
    if b"\0" in data:
        raise RunbookError(f"{path}: this is a binary file, not markdown.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RunbookError(
            f"{path}: this file is not UTF-8 (line {line}); convert it and try again."
        ) from None


def lint_text(text: str, file: str, settings: LintSettings, *, ask_bash: bool = True) -> tuple[Finding, ...]:
    """What lint says about one text; `file` is what it is called in the findings."""
    runbook = parse(text)
    problems = external.confirm(runbook, engine.check(runbook, settings=settings), ask=ask_bash)
    if not problems:
        return ()
    lines = [without_ending(line) for line in split_lines(text)]
    return tuple(Finding(file, problem, _line(lines, problem)) for problem in problems)


def _line(lines: Sequence[str], problem: Problem) -> str:
    number = problem.span.start.line if problem.span else 0
    return lines[number] if number < len(lines) else ""


def lint_paths(paths: Sequence[str], settings: LintSettings, *, ask_bash: bool = True) -> Report:
    """Lint files and directories. What cannot be read becomes a complaint, and the others are still linted.

    Uses several processes where there is enough to do for them.
    """
    engine.validate(settings)
    files, complaints = find_files(paths)
    lint = partial(_lint_file, settings=settings, ask_bash=ask_bash)
    results = list(_in_processes(lint, files) if _is_much(files) else map(lint, files))
    return Report(
        findings=tuple(chain.from_iterable(found for found, _ in results)),
        files=sum(complaint is None for _, complaint in results),
        complaints=(*complaints, *(complaint for _, complaint in results if complaint)),
    )


def _lint_file(path: str, settings: LintSettings, ask_bash: bool) -> _Linted:
    try:
        return lint_text(read_runbook(path), path, settings, ask_bash=ask_bash), None
    except RunbookError as error:
        return (), str(error)


def _search(directory: str) -> Iterator[str]:
    ignored = GitIgnore.above(directory)
    for folder, folders, names in os.walk(directory):
        here = Path(folder)
        ignored.enter(here)
        folders[:] = (
            name
            for name in folders
            if name not in _VENDORED and not ignored.matches(here / name, is_folder=True)
        )
        for name in names:
            if name.lower().endswith(_MARKDOWN) and not ignored.matches(here / name, is_folder=False):
                yield str(here / name)


def _is_much(files: Sequence[str]) -> bool:
    if len(files) < 8 or (os.cpu_count() or 1) < 2:
        return False
    return sum(path.stat().st_size for path in map(Path, files) if path.is_file()) > _WORTH_PROCESSES


def _in_processes(lint: Callable[[str], _Linted], files: Sequence[str]) -> Iterator[_Linted]:
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
        yield from pool.map(lint, files, chunksize=max(1, min(32, len(files) // 16)))
