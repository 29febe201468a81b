"""The environment that a login shell of the user has.

An editor started from a dock or a menu has not read the user's profile: PATH lacks what the profile adds. VS Code
asks the login shell in the same way (its `resolveShellEnv`).
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from runbook_ls.execute import private, watchdog
from runbook_ls.values import RunbookError

_SHELLS = frozenset({"bash", "zsh", "fish", "ksh", "mksh", "dash", "sh"})
_SECONDS = 10.0
_WRITES = "import os,sys; open(sys.argv[1],'wb').write(b'\\0'.join(k+b'='+v for k,v in os.environb.items()))"
# Of the process that was asked, not of the user; Python itself sets LC_CTYPE in the C locale.
_NOT_TAKEN = frozenset({"_", "PWD", "OLDPWD", "SHLVL", "TERM", "LC_CTYPE"})


def environment(inherited: Mapping[str, str], seconds: float = _SECONDS) -> dict[str, str]:
    """The inherited environment with what the login shell (`SHELL`) sets in its profile laid over it. Folders of the
    inherited PATH that the shell does not have come after its own.

    The shell starts in the home directory, without a terminal, and is ended after that many `seconds`. Raises
    RunbookError if it is not known how to ask it, or it does not answer.
    """
    shell = inherited.get("SHELL") or _of_the_user()
    if Path(shell).name not in _SHELLS or not os.access(shell, os.X_OK):
        raise RunbookError(f"the login shell {shell or '(none)'} cannot be asked for its environment")
    home = inherited.get("HOME", "")
    with private.folder() as folder:
        answer = folder / "environment"
        command = shlex.join([sys.executable, "-I", "-S", "-c", _WRITES, str(answer)])
        interactive = [] if Path(shell).name in ("dash", "sh") else ["-i"]
        asked = subprocess.Popen(
            [shell, "-l", *interactive, "-c", command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=home if Path(home).is_dir() else "/",
            env=dict(inherited),
            start_new_session=True,
        )
        try:
            asked.wait(seconds)
        except subprocess.TimeoutExpired:
            watchdog.end_sessions({asked.pid}, 0.5)
            asked.wait()
        try:
            entries = answer.read_bytes().split(b"\0")
        except OSError:
            raise RunbookError(
                f"the login shell {shell} did not tell its environment within {seconds:g} seconds"
            ) from None
    told = dict(os.fsdecode(entry).partition("=")[::2] for entry in entries if b"=" in entry)
    found = {**inherited, **{name: value for name, value in told.items() if name not in _NOT_TAKEN}}
    folders = [*found.get("PATH", "").split(os.pathsep), *inherited.get("PATH", "").split(os.pathsep)]
    return {**found, "PATH": os.pathsep.join(dict.fromkeys(filter(None, folders)))}


def _of_the_user() -> str:
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_shell
    except KeyError:
        return ""
