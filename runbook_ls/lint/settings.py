"""Which rules are on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True, slots=True)
class LintSettings:
    """Rules by code (`RB104`), family (`RB1`) or name (`shell-prompt`).

    An empty `select` stands for the rules that are on by default; `extend` adds to them. The longer match wins
    between what is selected and what is ignored.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def for_file(self, file: str) -> LintSettings:
        """The settings for one file: what its patterns (`docs/*.md`, as in .gitignore) ignore is ignored too."""
        if not self.per_file_ignores:
            return self
        from pathspec import GitIgnoreSpec

        name = Path(file).as_posix().lstrip("/")
        more = [
            word
            for pattern, words in self.per_file_ignores
            if GitIgnoreSpec.from_lines([pattern]).match_file(name)
            for word in words
        ]
        return replace(self, ignore=(*self.ignore, *more), per_file_ignores=())
