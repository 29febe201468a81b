"""The runs that the journal holds, as a record of what was done: for people, programs and tickets."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from runbook_ls.files import absolute
from runbook_ls.memory.records import Run
from runbook_ls.values import RunbookError
from runbook_ls.workbench import explain
from runbook_ls.workbench.session import Session

_AGE = re.compile(r"(\d+)\s*([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def runs(session: Session, *, limit: int, since: str | None, file: str | None) -> list[Run]:
    """The newest runs first. `since` is an age (`90m`, `2h`, `3d`) or a local ISO date or time; `file` a path.

    Raises RunbookError if `since` is neither.
    """
    return session.journal.runs(
        limit,
        file=str(absolute(file)) if file else None,
        since=_moment(since) if since else 0.0,
    )


def timeline(found: Sequence[Run]) -> str:
    """Markdown for a ticket: what was done and where, in the order of time. Secrets were redacted when it was written."""
    parts = ["## Timeline\n"]
    for run in reversed(found):
        when = datetime.fromtimestamp(run.time).astimezone()
        what = explain.plain(run.intent or "(no intent)")
        ended = f"{explain.ended(run)}, by {explain.plain(explain.who(run))}"
        parts.append(f"- **{when:%Y-%m-%d %H:%M:%S %Z}** {what}: {ended}\n")
        target = f", on {explain.plain(run.target)}" if run.target else ""
        where = explain.plain(explain.place(run, Path(run.file).name))
        parts.append(f"  {where} in {explain.plain(run.directory)}{target}\n")
        block = explain.fenced(run.executed, run.language if _LANGUAGE.fullmatch(run.language) else "sh")
        parts.append("\n".join(f"  {line}" for line in block.split("\n")) + "\n")
    return "\n".join(parts)


_LANGUAGE = re.compile(r"[\w+#.-]+")


def _moment(text: str) -> float:
    """Seconds since the epoch."""
    age = _AGE.fullmatch(text.strip())
    if age:
        return time.time() - int(age[1]) * _SECONDS[age[2]]
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        raise RunbookError(
            f'--since takes an age such as 90m, 2h or 3d, or a date such as 2026-11-22, not "{text}".'
        ) from None
