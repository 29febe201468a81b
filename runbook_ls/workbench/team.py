"""A team's examples: reading the files that it shares, and sending the server what the user agrees to share."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from runbook_ls.files import read_regular
from runbook_ls.memory import exchange
from runbook_ls.memory.records import Lesson, Run
from runbook_ls.shell.secrets import redact
from runbook_ls.values import RunbookError
from runbook_ls.workbench.session import Session


def read_files(session: Session) -> Sequence[str]:
    """Make the examples of `memory.files` what these files say now. Returns what is wrong with them, a sentence each.

    The examples of a file inside the workspace are that workspace's, whoever learned them, and answer only there.
    """
    complaints: list[str] = []
    for name in session.settings.memory_files:
        file = Path(session.workspace, name)
        try:
            loaded = exchange.load(read_regular(file).decode(), origin=str(file))
        except (OSError, UnicodeDecodeError) as error:
            complaints.append(
                f'setting "memory.files": {file} cannot be read ({error}); its examples stay as they were.'
            )
            continue
        complaints += (f"{file}, {complaint}; the line was passed over." for complaint in loaded.complaints)
        inside = bool(session.workspace) and file.resolve().is_relative_to(Path(session.workspace).resolve())
        lessons = [_received(lesson, session.workspace if inside else None) for lesson in loaded.lessons]
        with session.journal.writing() as writing:
            writing.replace_shared(str(file), lessons)
    return complaints


def _received(lesson: Lesson, workspace: str | None) -> Lesson:
    clean = replace(lesson, intent=redact(lesson.intent).text, command=redact(lesson.command).text)
    return clean if workspace is None else replace(clean, workspace=workspace, everywhere=False)


def may_share(session: Session) -> bool:
    """Whether there is a team's server that may be told something."""
    settings = session.settings
    return (
        bool(settings.memory_server)
        and settings.memory_share != "never"
        and settings.memory_scope == "everywhere"
    )


def shares_always(session: Session) -> bool:
    """Whether what runs teach is sent without asking."""
    return may_share(session) and session.settings.memory_share == "always"


def share(session: Session, run: Run) -> int:
    """Have what `run` taught sent to the team's server when it can be reached. Returns how many examples that are.

    Raises RunbookError if there is no server, or nothing may leave.
    """
    if not may_share(session):
        raise RunbookError(
            'nothing is shared: set "memory.server", and see "memory.share" and "memory.scope" in the settings.'
        )
    with session.journal.writing() as writing:
        number = writing.share(writing.taught_by(run))
    session.memory.share()
    return number


def wait_until_sent(session: Session, seconds: float = 20.0) -> bool:
    """Wait until the server has everything that waits for it; False if it is away for that long. Blocks."""
    end = time.monotonic() + seconds
    while session.journal.unsent():
        if time.monotonic() > end:
            return False
        session.memory.share()
        time.sleep(0.1)
    return True
