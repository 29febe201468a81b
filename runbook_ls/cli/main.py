"""`runbook-ls`: one command a file, loaded when it is called, so that `lint` never pays for the server."""

from __future__ import annotations

import codecs
import importlib
import io
import json
import os
import sys
from typing import cast

import click

from runbook_ls import __version__
from runbook_ls.values import RunbookError

COMMANDS = (
    "demo",
    "doctor",
    "eval",
    "export",
    "forget",
    "history",
    "learn",
    "lint",
    "ls",
    "rule",
    "run",
    "serve",
    "share",
    "show",
    "suggest",
)


class Commands(click.Group):
    """The commands, each the `command` of the module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return cast(click.Command, importlib.import_module(f"runbook_ls.cli.{cmd_name}").command)


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="runbook-ls")
def program() -> None:
    """Runnable markdown runbooks that learn from your corrections."""


def _colour() -> bool | None:
    """False where the user (https://no-color.org) or the terminal wants none; None: as each stream is one or not."""
    return False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None


def _prepare_streams() -> None:
    """Make the three streams usable: a daemon may have closed some of them, and what the encoding of the locale, or
    any (half of a character in a file name), cannot say is written out, as JSON does it."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: PTH123, SIM115  for the rest of this process
    codecs.register_error("written-out", _written_out)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="written-out")


def _written_out(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def _sentence(error: OSError) -> str:
    if isinstance(error, FileNotFoundError) and not error.filename:
        return "the working directory does not exist any more: go to one that does."
    reason = (error.strerror or str(error)).lower()
    return f"{error.filename}: {reason}." if error.filename else f"the output cannot be written: {reason}."


def main() -> None:
    """Run the command of `sys.argv`. Exit codes: 0 fine, 1 findings or a failed cell, 2 wrong use or refused."""
    _prepare_streams()
    try:
        code = program.main(standalone_mode=False, color=_colour())
    except click.ClickException as error:
        error.show()
        code = 2
    except RunbookError as error:
        from runbook_ls.cli import shown

        click.echo(f"runbook-ls: {shown.line(str(error))}", err=True)
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        code = 130
    except OSError as error:  # click ends by itself where the reader (`head`, a pager) has gone
        click.echo(f"runbook-ls: {_sentence(error)}", err=True)
        sys.stdout = None  # what could not be written must not be tried once more at exit
        code = 2
    sys.exit(code or 0)
