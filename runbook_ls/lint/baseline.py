"""A baseline: what was wrong when a team began to lint, so that only new findings count.

The file is JSON, sorted, one fingerprint a line, so that git merges it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from runbook_ls.files import read_regular
from runbook_ls.lint.finding import Finding, fingerprints
from runbook_ls.values import RunbookError


def write_baseline(path: Path, findings: Sequence[Finding]) -> None:
    """Write the findings of today, their files as seen from the folder of `path`. RunbookError if it cannot be
    written, or would replace what is no baseline: a repository's settings may name any file."""
    if path.exists():
        read_baseline(path)
    names = sorted(fingerprints(findings, path.parent))
    text = json.dumps({"version": 1, "findings": names}, indent=1) + "\n"
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise RunbookError(
            f"the baseline {path} cannot be written: {(error.strerror or str(error)).lower()}."
        ) from None


def read_baseline(path: Path) -> frozenset[str]:
    """The fingerprints of a baseline. RunbookError if there is none, or it is none."""
    try:
        data = json.loads(read_regular(path))
        return frozenset(map(str, data["findings"]))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise RunbookError(
            f"the baseline {path} cannot be read: {reason}; --write-baseline makes one."
        ) from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise RunbookError(
            f"{path} is no baseline of this program; remove it, or name another file."
        ) from None


def new_findings(findings: Sequence[Finding], known: Iterable[str], folder: Path) -> tuple[Finding, ...]:
    """The findings that are not in the baseline, which lies in `folder`."""
    old = frozenset(known)
    names = fingerprints(findings, folder)
    return tuple(finding for finding, name in zip(findings, names, strict=True) if name not in old)
