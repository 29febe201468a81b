"""`runbook-ls demo`: the whole loop on shipped runbooks, with real runs, in a place of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from runbook_ls.config.paths import Paths
from runbook_ls.config.settings import Settings
from runbook_ls.config.trust import Trust
from runbook_ls.document.edits import replace_body
from runbook_ls.document.lines import apply_edits
from runbook_ls.values import RunbookError
from runbook_ls.workbench import open as opening
from runbook_ls.workbench import run, suggest
from runbook_ls.workbench.connect import connect_directly
from runbook_ls.workbench.plan import plan_run
from runbook_ls.workbench.session import Session

_SHIPPED = Path(__file__).parents[1] / "demo"
_GUESS = "hydros logs vscode-ext"
_RIGHT = (
    """gcloud logging read 'logName="projects/foyle-dev/logs/hydros" jsonPayload.image="vscode-ext"' """
    "--freshness=1d --project=foyle-dev"
)


@click.command()
def command() -> int:
    """Play the loop: a wrong guess, one correction, and it is right the next time.

    Nothing of yours is read or changed: the demo has a directory of its own, which goes when it ends.
    """
    with _place() as (session, folder):
        story = _Story(session)
        _chapter("Day one: nobody has told runbook-ls anything about hydros.")
        first = story.open(folder / "first.md")
        story.ask(first, 0)
        click.echo("So someone guesses, as a general assistant would:")
        story.run(first, 0, _GUESS)
        click.echo("They look it up, correct the cell and run it again:")
        story.run(first, 0, _RIGHT)

        _chapter("Another day, another runbook, another image. One correction was enough:")
        second = story.open(folder / "second.md")
        story.run(second, 0, story.ask(second, 0))

        _chapter("What a suggestion cannot place, it says:")
        text = story.ask(second, 1)
        click.echo("The window is corrected by hand, and that is learned too:")
        story.run(second, 1, text.replace("--freshness=1d", "--freshness=3d"))
        story.ask(second, 2)

        _chapter("No model and no network was used. In your editor: Generate command, then Run cell.")
    return 0


class _Story:
    """The editor of the demo: it shows the intent, fills cells and runs them, and tells what happens."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.version = 0

    def open(self, file: Path) -> str:
        uri = file.as_uri()
        opening.open_document(self.session, uri, str(file), 0, file.read_text(encoding="utf-8"))
        return uri

    def ask(self, uri: str, number: int) -> str:
        """Generate into the cell; the text, "" if there is none."""
        document = self.session.documents[uri]
        cell = document.runbook.cells[number]
        click.echo(f"\n  “{cell.intent}”")
        answer = suggest.suggest(self.session, cell.intent, document=document.runbook.text)
        for note in answer.notes:
            _say("note", note)
        if answer.suggestion is None:
            _say("suggestion", f"(none) {answer.reason}")
            return ""
        suggest.offer(self.session, uri, cell.intent, answer.suggestion)
        _say("suggestion", answer.suggestion.text)
        for problem in answer.suggestion.problems:
            _say("check", problem.message)
        self._fill(uri, number, answer.suggestion.text)
        return answer.suggestion.text

    def run(self, uri: str, number: int, text: str) -> None:
        """Put `text` into the cell, if it is not there, and run it."""
        self._fill(uri, number, text)
        document = self.session.documents[uri]
        cell = document.runbook.cells[number]
        plan = plan_run(self.session, document.file, document.runbook, cell)
        if plan.decision.action != "run":
            raise RunbookError(f"The demo stops here: {plan.decision.why}.")
        _say("run", text)
        done = run.perform(self.session, plan, consented="act", on_output=_output, cancel=threading.Event())
        _say("receipt", done.run.receipt)

    def _fill(self, uri: str, number: int, body: str) -> None:
        document = self.session.documents[uri]
        edits = replace_body(document.runbook, document.runbook.cells[number], body)
        text = apply_edits(document.runbook.text, edits)
        Path(document.file).write_text(text, encoding="utf-8")
        self.version += 1
        document = opening.open_document(self.session, uri, document.file, self.version, text)
        opening.keep(self.session, opening.entered(self.session, document))


@contextmanager
def _place() -> Iterator[tuple[Session, Path]]:
    """A directory with the runbooks, the stand-in gcloud first on PATH, and a home for the journal."""
    if not shutil.which("bash"):
        raise RunbookError("the demo runs bash cells, and there is no bash on PATH: install bash")
    path = os.environ.get("PATH", os.defpath)
    with tempfile.TemporaryDirectory(prefix="runbook-ls-demo-") as place:
        root = Path(place)
        folder = root / "runbooks"
        folder.mkdir()
        for runbook in _SHIPPED.glob("*.md"):
            shutil.copy(runbook, folder)
        programs = root / "bin"
        shutil.copytree(_SHIPPED / "bin", programs)
        for program in programs.iterdir():
            program.chmod(0o755)  # a wheel need not keep the mode
        os.environ["PATH"] = f"{programs}{os.pathsep}{path}"
        paths = Paths(root / "data", root / "state", root / "config")
        session = Session(
            paths, Settings(shell_env="inherit"), Trust.TRUSTED, folder, connect_directly, click.echo
        )
        try:
            yield session, folder
        finally:
            session.close()
            os.environ["PATH"] = path


def _chapter(text: str) -> None:
    click.echo(f"\n{click.style(text, bold=True)}")


def _say(who: str, text: str) -> None:
    first, *rest = text.split("\n")
    click.echo(f"  {who + ':':12}{first}")
    for line in rest:
        click.echo(" " * 14 + line)


def _output(stream: str, text: str) -> None:
    for line in text.splitlines():
        click.echo(f"  {'|':12}{line}")
