"""A document that takes long to read: what concerns it waits, in order; everything else goes on."""

from __future__ import annotations

from pathlib import Path

from .test_features import opened
from .wire import Wire

SECTION = "## Part\n\nList part\n\n```sh\nkubectl get pods\n```\n\n"


def test_a_large_document_is_read_apart(tmp_path: Path) -> None:
    large, small = tmp_path / "large.md", tmp_path / "small.md"
    large.write_text(SECTION * 2_000)
    small.write_text(SECTION)
    wire = Wire(tmp_path)
    about_large = opened(wire, large)
    about_small = opened(wire, small)
    wire.send("textDocument/codeLens", 501, about_large)
    wire.send("textDocument/codeLens", 502, about_large)
    wire.send("$/cancelRequest", None, {"id": 502})
    fence = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
    changes = [{"range": fence, "text": "```sh\nls\n```\n\n"}]
    wire.send(
        "textDocument/didChange",
        None,
        {"textDocument": {"uri": large.as_uri(), "version": 2}, "contentChanges": changes},
    )
    wire.send("textDocument/codeLens", 503, about_large)
    wire.send("textDocument/codeLens", 504, about_small)
    order = []
    results = {}
    while len(results) < 4:
        message = wire.receive()
        if message.get("id") in (501, 502, 503, 504):
            order.append(message["id"])
            results[message["id"]] = message
    assert order.index(504) < order.index(501) < order.index(503)
    assert results[502]["error"]["code"] == -32800
    assert len(results[501]["result"]) == 2 * 2_000
    assert len(results[503]["result"]) == 2 * 2_001
    assert wire.close() == 0
