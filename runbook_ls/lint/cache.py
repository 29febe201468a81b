"""What lint said about a text before: a file of findings by the digest of the text.

One file for each set of rules, in a folder that the caller names. It is a cache: what cannot be read is empty,
what cannot be written is forgotten. It holds no line of any runbook, and nothing that looks like a secret.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import runbook_ls
from runbook_ls.lint.finding import Finding
from runbook_ls.lint.rows import Row, of_row, source_of
from runbook_ls.lint.settings import LintSettings

try:  # `hashlib` loads all of OpenSSL first, which takes as long as linting a dozen runbooks
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b


class Cache:
    """The findings of texts by digest. `known` is what the file held; `used` is what is still true."""

    def __init__(self, file: Path, known: Mapping[str, Any], settings: LintSettings) -> None:
        self.file, self.known, self.settings = file, known, settings
        self.used: dict[str, Any] = {}

    @classmethod
    def open(cls, folder: Path, settings: LintSettings, *, checkers: tuple[str, ...]) -> Cache:
        """The cache for these rules, this very code and these external checkers; empty if there is none."""
        rules = (settings.select, settings.ignore, settings.extend)
        key = repr((rules, checkers, runbook_ls.__version__, sys.version_info[:2], _code_time()))
        file = folder / f"lint-{blake2b(key.encode(), digest_size=8).hexdigest()}.json"
        try:
            known = json.loads(file.read_bytes())
        except (OSError, ValueError):
            known = {}
        return cls(file, known if isinstance(known, dict) else {}, settings)

    def find(self, data: bytes, file: str) -> tuple[Finding, ...] | None:
        """What was said about a text with these bytes, as findings of `file`; None if nothing is known."""
        digest = self.digest(data, file)
        record = self.used.get(digest, self.known.get(digest))
        if record is None:
            return None
        try:
            lines = _LINE_END.split(data.decode("utf-8")) if record else []
            findings = tuple(of_row(file, row, source_of(row, lines)) for row in record)
        except (KeyError, TypeError, ValueError, IndexError):
            return None
        self.used[digest] = record
        return findings

    def keep(self, digest: str, rows: Sequence[Row]) -> None:
        """Remember the findings of a text with this digest. They must not quote what looks like a secret."""
        self.used[digest] = rows

    def write(self) -> None:
        """Replace the file by what was used this time, if it differs: a record that could not be read was made anew."""
        if self.used.keys() == self.known.keys() and all(
            self.used[key] is self.known[key] for key in self.used
        ):
            return
        with contextlib.suppress(OSError):
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = self.file.with_suffix(f".{os.getpid()}")
            fresh.write_text(json.dumps(self.used, separators=(",", ":")), "utf-8")
            fresh.replace(self.file)
            for other in self.file.parent.glob("lint-*.json"):
                if other.stat().st_mtime < self.file.stat().st_mtime - _OLD:
                    other.unlink()

    def digest(self, data: bytes, file: str) -> str:
        """Of the text, and of what this one file ignores."""
        digest = blake2b(data, digest_size=_DIGEST)
        if self.settings.per_file_ignores:
            digest.update(repr(self.settings.for_file(file).ignore).encode())
        return digest.hexdigest()


_OLD = 30 * 24 * 3600  # seconds
_DIGEST = 32  # bytes
_LINE_END = re.compile(r"\r\n|\r|\n")


def _code_time() -> int:
    """When a module of the linter last changed, in nanoseconds: an edited checkout has no new version number."""
    package = Path(runbook_ls.__file__).parent
    folders = ("lint", "lint/rules", "shell", "document")
    return max(
        entry.stat().st_mtime_ns
        for folder in folders
        for entry in os.scandir(package / folder)
        if entry.name.endswith(".py")
    )
