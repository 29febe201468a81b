"""Reading what a workspace has to teach: a team's files, and in a process of its own, so that typing never waits, its
runbooks."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from lsprotocol import types

from runbook_ls.lsp.progress import new_token
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.workbench import team
from runbook_ls.workbench.session import Session


async def read_workspace(server: RunbookServer, folder: Path, session: Session) -> None:
    """Read an open folder once, showing progress where the client can; cancelled with the server, or by the user."""
    if not session.settings.memory_learn_workspace or not session.trust.background_learning:
        return
    # Not started in the workspace: Python would import what lies there.
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "runbook_ls", "learn", "--background", str(folder)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd="/",
    )
    try:
        await _follow(server, process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def read_team_files(server: RunbookServer, session: Session) -> None:
    """Take in what the files of `memory.files` say now, and tell what is wrong with them."""
    if session.settings.memory_files:
        for complaint in await server.off_loop(server.background, team.read_files, session):
            server.say_once(complaint)


def is_team_file(session: Session, path: Path) -> bool:
    """Whether `path` is one of `memory.files`."""
    return any(Path(session.workspace, name) == path for name in session.settings.memory_files)


async def _follow(server: RunbookServer, process: asyncio.subprocess.Process) -> None:
    assert process.stdout is not None
    token, asked = None, False
    try:
        async for line in process.stdout:
            done, total = map(int, line.split())
            if not asked and total > done:
                asked, token = True, await new_token(server)
                if token is not None:
                    begin = types.WorkDoneProgressBegin("Reading runbooks", cancellable=True)
                    server.work_done_progress.begin(token, begin)
            if token is not None:
                if server.work_done_progress.tokens[token].cancelled():
                    return
                server.work_done_progress.report(
                    token,
                    types.WorkDoneProgressReport(message=f"{done}/{total}", percentage=100 * done // total),
                )
    finally:
        if token is not None:
            server.work_done_progress.end(token, types.WorkDoneProgressEnd())
