"""The session of one command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from runbook_ls.cli import shown
from runbook_ls.config import files, paths
from runbook_ls.config.trust import Trust
from runbook_ls.workbench.connect import connect_for_command
from runbook_ls.workbench.session import Session
from runbook_ls.workbench.surroundings import workspace_of


@contextmanager
def open_session(where: Path | None = None, *, learning: bool = True) -> Iterator[Session]:
    """A session for the workspace of `where` (default: the working directory), closed at the end.

    A command line is trusted for what it is told to do. What is wrong with the settings goes to stderr. Without
    `learning`, what it runs teaches nothing.
    """
    workspace = workspace_of(where or Path.cwd())
    found = paths.find()
    loaded = files.load(found, workspace, Trust.TRUSTED)
    for complaint in loaded.complaints:
        warn(complaint)
    # Whoever starts a command line gave it the environment that it is to have.
    settings = replace(loaded.settings, shell_env="inherit")
    if not learning:
        settings = replace(settings, learning=False)
    session = Session(found, settings, Trust.TRUSTED, workspace, connect_for_command, warn)
    try:
        yield session
    finally:
        session.close()


def warn(text: str) -> None:
    """One sentence on stderr. What it cites of files cannot reach the terminal as anything but text."""
    click.echo(f"runbook-ls: {shown.line(text)}", err=True)
