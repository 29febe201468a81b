"""What git would not track: .gitignore files from the repository's root down.

Source: gitignore(5). A file in a subfolder has precedence over those above; `.git/info/exclude` comes last.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from runbook_ls.files import read_regular
from runbook_ls.lint.patterns import read_patterns

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class GitIgnore:
    """The patterns of the folders entered so far. A folder is entered before what lies in it is asked for."""

    def __init__(self) -> None:
        self._specs: dict[Path, GitIgnoreSpec] = {}

    @classmethod
    def above(cls, directory: str) -> GitIgnore:
        """With the patterns of the folders that hold `directory`, up to the root of its repository."""
        ignored = cls()
        folder = Path(directory).resolve()
        holding = [folder, *folder.parents]
        root = next((parent for parent in holding if (parent / ".git").exists()), None)
        if root is not None:
            ignored._read(root / ".git" / "info" / "exclude", root)
            for parent in reversed(holding[1 : holding.index(root) + 1]):
                ignored.enter(str(parent))
        return ignored

    def enter(self, folder: str | Path) -> None:
        """Take up the patterns of `folder`."""
        file = f"{folder}{os.sep}.gitignore"
        if os.path.exists(file):  # noqa: PTH110 (a third of a search's time, with paths)
            self._read(Path(file), Path(folder).resolve())

    def matches(self, path: str | Path, *, is_folder: bool) -> bool:
        """True if git would ignore `path`, whose folder is not ignored itself."""
        if not self._specs:
            return False
        full = Path(path).parent.resolve() / Path(path).name
        for folder in full.parents:
            spec = self._specs.get(folder)
            if spec is None:
                continue
            relative = full.relative_to(folder).as_posix()
            verdict = spec.check_file(f"{relative}/" if is_folder else relative).include
            if verdict is not None:
                return verdict
        return False

    def _read(self, file: Path, folder: Path) -> None:
        try:
            lines = read_regular(file).decode("utf-8", "replace").splitlines()
        except OSError:
            return
        above = self._specs.get(folder)
        spec = read_patterns(lines)
        self._specs[folder] = above + spec if above else spec
