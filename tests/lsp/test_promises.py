"""What the server promises at initialize is what its features do; and that answer loads none of them."""

from __future__ import annotations

import subprocess
import sys

from runbook_ls.lsp import promises
from runbook_ls.lsp.server import AT_ONCE, WHEN_ASKED, RunbookServer, build


def test_every_promise_is_kept_and_nothing_is_kept_secret() -> None:
    manager = build().protocol.fm
    assert set(manager.features) == {*promises.METHODS, *promises.INLINE_COMPLETION}
    assert set(manager.commands) == set(promises.COMMANDS)


def test_the_answer_to_initialize_waits_for_no_feature() -> None:
    heavy = (
        "runbook_ls.document",
        "runbook_ls.lint",
        "runbook_ls.suggest",
        "runbook_ls.execute",
        "runbook_ls.memory",
    )
    code = f"import sys, runbook_ls.lsp.server as s; s.RunbookServer(); print([m for m in sys.modules if m.startswith({heavy})])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"


BEGIN = """
import asyncio, sys
from lsprotocol import types
from runbook_ls.lsp.server import RunbookServer

async def begin():
    server = RunbookServer()
    server.protocol.client_capabilities = types.ClientCapabilities()
    server.protocol.fm.features[types.INITIALIZE](types.InitializeParams(types.ClientCapabilities()))
    for method in (types.INITIALIZED, types.TEXT_DOCUMENT_DID_OPEN, types.TEXT_DOCUMENT_DID_CHANGE):
        server.load(method)

asyncio.run(begin())
print(*sys.modules)
"""


def test_a_window_in_which_nothing_is_asked_loads_no_suggestions_and_still_promises_them() -> None:
    loaded = subprocess.check_output([sys.executable, "-c", BEGIN], text=True).split()
    assert "runbook_ls.workbench.lint" in loaded
    assert not {"runbook_ls.workbench.suggest", "runbook_ls.workbench.run", "sqlite3", "rapidfuzz"} & {
        *loaded
    }
    server = RunbookServer()
    server.load_features(AT_ONCE)
    assert set(server.protocol.fm.features) == set(promises.METHODS)
    assert set(server.protocol.fm.commands) == set(promises.COMMANDS)
    server.load_features(WHEN_ASKED)
    assert set(server.protocol.fm.features) == {*promises.METHODS, *promises.INLINE_COMPLETION}
