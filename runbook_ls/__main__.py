"""`runbook-ls`, and `python -m runbook_ls`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command of `sys.argv`. An editor that starts its server does not wait for what reads command lines."""
    if sys.argv[1:] == ["serve"]:
        from runbook_ls.lsp.life import serve

        serve()
    from runbook_ls.cli.main import main as run

    run()


if __name__ == "__main__":
    main()
