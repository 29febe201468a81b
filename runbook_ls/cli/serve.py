"""`runbook-ls serve`: the language server on stdin and stdout."""

from __future__ import annotations

import click


@click.command()
def command() -> None:
    """Start the language server on stdin and stdout. Editors call this."""
    from runbook_ls.lsp.life import serve

    serve()
