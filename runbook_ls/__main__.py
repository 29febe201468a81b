"""`runbook-ls`, and `python -m runbook_ls`."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command of `sys.argv`. An editor that starts its server does not wait for what reads command lines."""
    if sys.argv[1:] == ["serve"]:
        from runbook_ls.lsp.life import serve

        serve()
    is_lint = sys.argv[1:2] == ["lint"]
    if is_lint:  # it makes many values and few cycles: to look for those each time there are 700 more takes a tenth of it
        gc.set_threshold(200_000, 50, 100)
    try:
        from runbook_ls.cli.main import main as run

        run()
    except KeyboardInterrupt:  # it was still being loaded
        sys.exit(130)
    except SystemExit as end:
        if is_lint and isinstance(end.code, int):
            _leave(end.code)
        raise


def _leave(code: int) -> None:
    """End without taking everything apart, which takes lint a tenth of its time. It leaves nothing behind: what it
    wrote is closed, what it started has ended. Returns if something cannot be written."""
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except OSError:
        return
    os._exit(code)


if __name__ == "__main__":
    main()
