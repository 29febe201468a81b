"""What runs printed, as it was kept."""

from __future__ import annotations

from pathlib import Path

from runbook_ls.memory.records import Run

_TAIL_BYTES = 4096


def tail(run: Run) -> str:
    """The last 4 KB of what a run printed, secrets redacted; "" if it was not kept."""
    if not run.output_file:
        return ""
    try:
        with Path(run.output_file).open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - _TAIL_BYTES))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""
