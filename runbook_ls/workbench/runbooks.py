"""Which markdown files are runbooks, as far as lenses and hints go: the setting `runbooks`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from runbook_ls.lint.files import VENDORED
from runbook_ls.lint.ignored_files import GitIgnore
from runbook_ls.lint.patterns import read_patterns


def is_runbook(file: str, workspace: str, globs: Sequence[str]) -> bool:
    """Whether `file` (an absolute path, or a URI where it has none) matches `globs`, which are as in .gitignore and
    relative to the workspace. Without globs: everything outside vendored and ignored folders. Reads .gitignore files.
    """
    path = Path(file)
    if not path.is_absolute():
        return not globs
    root = Path(workspace) if workspace and path.is_relative_to(workspace) else path.parent
    relative = path.relative_to(root)
    if globs:
        return read_patterns(globs).match_file(relative.as_posix())
    if any(part in VENDORED for part in relative.parts[:-1]):
        return False
    ignored = GitIgnore.above(str(root))
    folder = root
    for part in relative.parts:
        ignored.enter(folder)
        inner = folder / part
        if ignored.matches(inner, is_folder=inner != path):
            return False
        folder = inner
    return True
