"""`runbook-ls serve`: the language server on stdin and stdout."""

from __future__ import annotations

import click


@click.command()
def command() -> None:
    """Start the language server on stdin and stdout. Editors call this."""
    import gc

    gc.disable()  # for the time of importing, which makes much and drops little
    from runbook_ls.lsp.server import serve

    gc.enable()

    serve()
