"""Four capability sets that stand for the field: what an editor says it can."""

from __future__ import annotations

from lsprotocol import types
from pytest_lsp import client_capabilities


def minimal() -> types.ClientCapabilities:
    """A client that says nothing about itself."""
    return types.ClientCapabilities()


def neovim() -> types.ClientCapabilities:
    """Neovim 0.11."""
    return client_capabilities("neovim@v0.11.0")


def vscode() -> types.ClientCapabilities:
    """VS Code of today with our extension: what the preset lacks is inline completion and our own capability."""
    capabilities = client_capabilities("visual_studio_code")
    assert capabilities.text_document is not None
    assert capabilities.workspace is not None
    capabilities.text_document.inline_completion = types.InlineCompletionClientCapabilities()
    capabilities.text_document.diagnostic = types.DiagnosticClientCapabilities()
    capabilities.workspace.inlay_hint = types.InlayHintWorkspaceClientCapabilities(refresh_support=True)
    capabilities.experimental = {"runbook": {"cellOutput": True}}
    return capabilities


def eglot() -> types.ClientCapabilities:
    """Emacs with eglot: no lenses, and nothing of its own."""
    return client_capabilities("emacs")


CLIENTS = {"minimal": minimal, "neovim": neovim, "vscode": vscode, "eglot": eglot}
