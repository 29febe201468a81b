"""Where the external checkers are. Apart from what asks them, so that a warm run loads no rule."""

from __future__ import annotations

import os
from functools import lru_cache


@lru_cache(maxsize=1)
def find_bash() -> str | None:
    """The path of bash, or None."""
    from shutil import which

    # None from the current folder, which may be somebody else's.
    return which("bash", path=os.pathsep.join(filter(os.path.isabs, os.get_exec_path())))


@lru_cache(maxsize=1)
def find_shellcheck() -> str | None:
    """The path of the shellcheck that is installed beside this program, or None.

    Another one on PATH does not count: what lint finds must not depend on the machine.
    """
    import sys
    from pathlib import Path

    program = Path(sys.executable).parent / "shellcheck"
    return str(program) if program.is_file() else None
