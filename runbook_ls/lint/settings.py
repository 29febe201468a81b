"""Which rules are on, and for which files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from runbook_ls.lint.patterns import read_patterns


class LintSettings(NamedTuple):
    """Rules by code (`RB104`), family (`RB1`) or name (`shell-prompt`).

    An empty `select` stands for the rules that are on by default; `extend` adds to them. The longer match wins
    between what is selected and what is ignored. Patterns of files are those of .gitignore, relative to the folder
    `root` ("": as the path was given); `exclude` is for what is found in directories.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    exclude: tuple[str, ...] = ()
    root: str = ""

    def for_file(self, file: str) -> LintSettings:
        """The settings for one file: what its patterns ignore is ignored too, and no pattern is left."""
        more: tuple[str, ...] = ()
        if self.per_file_ignores:
            name = self._relative(file)
            more = tuple(
                word
                for pattern, words in self.per_file_ignores
                if read_patterns([pattern]).match_file(name)
                for word in words
            )
        return LintSettings(self.select, self.ignore + more, self.extend)

    def excludes(self, path: str, *, is_folder: bool) -> bool:
        """True if a file or folder that was found in a directory is passed over."""
        if not self.exclude:
            return False
        name = self._relative(path)
        return read_patterns(self.exclude).match_file(f"{name}/" if is_folder else name)

    def _relative(self, file: str) -> str:
        if not self.root:
            return Path(file).as_posix().lstrip("/")
        return Path(os.path.relpath(file, self.root)).as_posix()
