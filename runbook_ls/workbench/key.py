"""The key to the model's endpoint: from the environment, or from a command; in memory only."""

from __future__ import annotations

import os
import shlex
import subprocess
import threading
import time

from runbook_ls.config.settings import Settings
from runbook_ls.shell.secrets import redact
from runbook_ls.suggest.endpoint import ModelError

_COMMAND_SECONDS = 20.0  # it may ask for a fingerprint


class Key:
    """A key that a command printed, for as long as it is good."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._value = ""
        self._good_until = 0.0
        self._command = ""

    def get(self, settings: Settings, *, anew: bool = False) -> str:
        """The key; "" if none is configured. `anew`: the one in use was refused. Blocks while a command runs.

        Raises ModelError if the command fails.
        """
        command = settings.llm_key_command
        if not command:
            return os.environ.get(settings.llm_key_env, "").strip() if settings.llm_key_env else ""
        with self._lock:
            if anew or command != self._command or time.monotonic() >= self._good_until:
                self._value, self._command = _printed_by(command), command
                self._good_until = time.monotonic() + settings.llm_key_seconds
            return self._value


def source(settings: Settings) -> str:
    """Where the key comes from, for messages."""
    if settings.llm_key_command:
        return "llm.key_command"
    return f"llm.key_env ({settings.llm_key_env})"


def _printed_by(command: str) -> str:
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise ModelError(f"llm.key_command cannot be read ({error}): check its quotes.") from None
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_COMMAND_SECONDS, cwd="/"
        )
    except (OSError, IndexError) as error:
        raise ModelError(f"llm.key_command cannot be started ({error}): correct the setting.") from None
    except subprocess.TimeoutExpired:
        raise ModelError(f"llm.key_command did not end within {_COMMAND_SECONDS:g} s.") from None
    key = done.stdout.strip()
    if done.returncode or not key or len(key.split()) != 1:
        said = redact((done.stderr.strip().splitlines() or [""])[-1]).text[:200]
        why = f"ended with exit {done.returncode}" if done.returncode else "printed no key on a single line"
        raise ModelError(f"llm.key_command {why}{': ' + said if said else ''}. Run it yourself to see why.")
    return key
