"""An editor in a terminal, as a person sees it: keys go in, a screen of text comes out."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import shlex
import shutil
import signal
import struct
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyte

ESCAPE, ENTER = "\x1b", "\r"
_PATIENCE_SECONDS = 60.0


class _Screen(pyte.Screen):
    """A screen that passes over what Vim asks of xterm's keyboard: to pyte it would be an error in a colour."""

    def select_graphic_rendition(self, *attributes: int, private: bool = False) -> None:
        if not private:
            super().select_graphic_rendition(*attributes)


class Terminal:
    """The screen of one program. Waiting is for something to appear on it."""

    def __init__(
        self,
        program: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        columns: int = 110,
        rows: int = 40,
    ) -> None:
        self.screen = _Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.recorded: list[tuple[float, bytes]] = []
        self._begun = time.monotonic()
        self._closed = self._ended = False
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            # Before the program begins: one that starts on a loaded machine would see another size first.
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.chdir(folder)
            os.execvpe(program[0], list(program), {**environment, "TERM": "xterm-256color"})

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def press(self, keys: str) -> None:
        """Send keys: text, and control characters such as `\\x1b` for Escape."""
        os.write(self._master, keys.encode())

    def see(self, words: str, *, gone: bool = False, patience: float = _PATIENCE_SECONDS) -> None:
        """Wait until the words are on the screen, or have gone from it; AssertionError after `patience` seconds."""
        end = time.monotonic() + patience
        while (words in self.text) is gone:
            seen = f"{words!r} is {'still' if gone else 'not'} on the screen:\n{self.text}"
            assert not self._closed, f"the program has ended, and {seen}"
            assert time.monotonic() < end, seen
            self._read(0.1)

    def settle(self) -> None:
        """Wait until the screen has been still for a moment, as a person does before the next key."""
        while self._read(0.3):
            pass

    def wait(self) -> None:
        """Wait until the program has ended, reading what it still writes; AssertionError if it does not."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while os.waitpid(self.pid, os.WNOHANG) == (0, 0):
            assert time.monotonic() < end, f"it did not end:\n{self.text}"
            if not self._read(0.1):
                time.sleep(0.05)
        self._ended = True

    def close(self) -> None:
        if self._ended:
            os.close(self._master)
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGHUP)
        while self._read(0.2):
            pass
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)
        os.close(self._master)

    def _read(self, seconds: float) -> bool:
        """Take in what the program writes within a time; whether it wrote anything."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:
            self._closed = True
            return False
        self.recorded.append((time.monotonic() - self._begun, data))
        self._stream.feed(data)
        return bool(data)


class Window:
    """An editor in a terminal, opened in a folder."""

    def __init__(self, terminal: Terminal, folder: Path, pictures: Path, log: Path) -> None:
        self.terminal = terminal
        self.folder = folder
        self.pictures = pictures
        self.log = log

    def see(self, words: str, *, gone: bool = False) -> None:
        self.terminal.see(words, gone=gone)

    def press(self, keys: str) -> None:
        self.terminal.settle()
        self.terminal.press(keys)

    def command(self, text: str) -> None:
        """Type an Ex command, as Vim and its kin know them."""
        self.press(f"{ESCAPE}:{text}{ENTER}")

    def number_of(self, words: str) -> int:
        """The number of what begins with `words` in the numbered list on the screen, once it is there."""
        self.see(words)
        self.terminal.settle()
        found = re.search(rf"^(\d+)[:)] {re.escape(words)}", self.terminal.text, re.MULTILINE)
        assert found, f"no choice {words!r}:\n{self.terminal.text}"
        return int(found[1])

    def choose(self, words: str) -> None:
        """Choose from the numbered list on the screen."""
        self.press(f"{self.number_of(words)}{ENTER}")

    def ended(self) -> None:
        """Wait until the editor, told to quit, has."""
        self.terminal.wait()

    def picture(self, name: str) -> Path:
        file = self.pictures / f"{name}.txt"
        file.write_text(self.terminal.text, encoding="utf-8")
        return file


@contextmanager
def window(
    program: Sequence[str], home: Path, folder: Path, pictures: Path, path: str, **variables: str
) -> Iterator[Window]:
    """A program in a terminal, with a home, a PATH and the server's data of its own; it is gone afterwards."""
    for profile in (".profile", ".bash_profile", ".zprofile"):
        (home / profile).write_text(f"export PATH={shlex.quote(path)}\n")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "NVIM", "VIM"))}
    shell = shutil.which("bash") or "/bin/sh"
    ours = {"HOME": str(home), "PATH": path, "SHELL": shell, "RUNBOOK_LS_HOME": str(home / "runbook-ls")}
    terminal = Terminal(program, kept | ours | variables, folder)
    try:
        yield Window(terminal, folder, pictures, home / "runbook-ls" / "state" / "server.log")
    finally:
        terminal.close()
