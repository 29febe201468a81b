"""An empty memory has no suggestion to make: once a window it offers to learn the open folder, or to set up a model."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from runbook_ls.config.trust import Trust
from runbook_ls.lsp.progress import progress
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import RunbookError
from runbook_ls.workbench.learnable import count_pairs
from runbook_ls.workbench.session import Session

MODEL = "Set up a model"


async def offer(server: RunbookServer, session: Session) -> None:
    """Ask what to do about an empty memory; nothing where something was learned, and in a client that cannot ask."""
    folder = next((path for path, side in server.folders.items() if side is session), None)
    if "nothing yet" in server.offered or not await server.off_loop(server.ledger, _is_empty, session):
        return
    server.offered.add("nothing yet")
    buttons = []
    if folder is not None and session.trust is not Trust.UNTRUSTED:
        pairs = await server.off_loop(server.background, count_pairs, folder)
        buttons += [f"Learn this folder ({pairs})"] if pairs.number else []
    buttons.append(MODEL)
    try:
        answer = await server.window_show_message_request_async(
            types.ShowMessageRequestParams(
                types.MessageType.Info,
                "runbook-ls has learned nothing yet.",
                [types.MessageActionItem(title) for title in buttons],
            )
        )
    except JsonRpcException:
        return
    if answer is not None and answer.title == MODEL:
        server.say(_model(session))
    elif answer is not None and folder is not None:
        await _learn(server, folder)


def _is_empty(session: Session) -> bool:
    try:
        return not session.journal.has_examples()
    except RunbookError:
        return False


def _model(session: Session) -> str:
    return (
        "Set OPENAI_API_KEY in the environment of your editor, and OPENAI_BASE_URL for an endpoint other than OpenAI's; "
        f"settings are in {session.paths.user_settings}. `runbook-ls doctor` says whether it works."
    )


async def _learn(server: RunbookServer, folder: Path) -> None:
    """Learn the folder in a process of its own, as `runbook-ls learn` does, and show what came of it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "runbook_ls", "learn", str(folder)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        cwd="/",  # not in the folder: Python would import what lies there
    )
    try:
        async with progress(server, f"Learning {folder.name}", process.kill):
            said = (await process.communicate())[1].decode("utf-8", "replace").strip().split("\n")
        server.say(
            said[-1] if process.returncode == 0 else f"Learning {folder.name} did not finish: {said[-1]}"
        )
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
