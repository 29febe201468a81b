"""`runbook-ls run`: run cells of runbooks on the command line."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import click

from runbook_ls.cli import shown
from runbook_ls.cli.run_face import CommandLine
from runbook_ls.cli.session import open_session, warn
from runbook_ls.document import parse
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.files import absolute
from runbook_ls.lint.files import find_files, read_runbook
from runbook_ls.values import RunbookError
from runbook_ls.workbench import check, choose, environment, inputs, prerequisites, sequence, team
from runbook_ls.workbench.plan import plan_run
from runbook_ls.workbench.sequence import Mode, Result, Settled
from runbook_ls.workbench.session import Session
from runbook_ls.workbench.surroundings import workspace_of


class _Command(click.Command):
    """click has no option whose value is optional and only given with `=`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, ["--yes-changing" if a == "--yes=changing" else a for a in args])


@dataclass(frozen=True, slots=True)
class _Job:
    """One runbook to run: its absolute path, text and cells, and the files whose state it begins with."""

    file: str
    runbook: Runbook
    cells: tuple[Cell, ...]
    after: tuple[str, ...] = ()


@click.command(cls=_Command)
@click.argument("arguments", nargs=-1, required=True, metavar="FILE [NAME]...")
@click.option(
    "--all", "run_all", is_flag=True, help="Every runnable cell, in order, of each FILE or directory."
)
@click.option("--tag", "tags", multiple=True, help="Only cells with this tag, of each FILE or directory.")
@click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="The value of an input.")
@click.option("--yes", is_flag=True, help="Confirm everything; --yes=changing still refuses what destroys.")
@click.option("--yes-changing", is_flag=True, hidden=True)
@click.option("--dry-run", is_flag=True, help="Say what would run, with which values, and run nothing.")
@click.option("--keep-going", is_flag=True, help="Go on after a cell that fails.")
@click.option(
    "--check", "checks", is_flag=True, help="Compare with the expected outputs; without NAME, all cells."
)
@click.option("--update", "updates", is_flag=True, help="Write the outputs into the blocks that expect some.")
@click.option("--with-prerequisites", is_flag=True, help="First run the runbooks linked under Prerequisites.")
@click.option("--jobs", type=click.IntRange(min=1), default=1, help="How many files to run at once.")
@click.option("--no-learn", is_flag=True, help="Keep the runs in the history; they teach nothing.")
@click.option(
    "--junit", type=click.Path(dir_okay=False), help="Write the results as JUnit XML into this file."
)
@click.option(
    "--json", "as_json", is_flag=True, help="One object a cell, a line each, instead of the output."
)
def command(
    arguments: tuple[str, ...],
    run_all: bool,
    tags: tuple[str, ...],
    variables: tuple[str, ...],
    yes: bool,
    yes_changing: bool,
    dry_run: bool,
    keep_going: bool,
    checks: bool,
    updates: bool,
    with_prerequisites: bool,
    jobs: int,
    no_learn: bool,
    junit: str | None,
    as_json: bool,
) -> int:
    """Run the cells NAME... of FILE; or, with --all or --tag, all cells of files and directories.

    NAME is a cell's name, its number in `runbook-ls ls`, :LINE, or a heading. Everything is settled (inputs, consent)
    before the first cell runs. Exit code 1 when a cell fails, 2 when one is refused or cannot run.
    """
    whole = run_all or bool(tags)
    if not whole and len(arguments) == 1 and not (checks or updates):
        raise click.UsageError("Name the cells to run, or --all; `runbook-ls ls FILE` lists them.")
    if run_all and len(arguments) > 1 and not Path(arguments[1]).exists():
        raise click.UsageError(
            f"With --all every argument is a file or directory, and there is no {arguments[1]}."
        )
    files = _files(arguments if whole else arguments[:1])
    names = () if whole else arguments[1:]
    if junit and not os.access(Path(junit).parent, os.W_OK):  # before the first cell: it may take an hour
        raise RunbookError(f"--junit {junit} cannot be written: its folder does not exist or is read-only.")
    given = _variables(variables)
    with open_session(Path(arguments[0]), learning=not no_learn) as session:
        work = _work(session, files, names, tags, with_prerequisites=with_prerequisites)
        if with_prerequisites:
            jobs = 1  # a runbook begins where its prerequisites ended
        for job in work:
            inputs.give(session, job.file, given, "--var")
        if dry_run:
            for job in work:
                _say_what_would_run(session, job)
            return 0
        main = frozenset(str(absolute(file)) for file in files)
        face = CommandLine(main, yes, yes_changing, as_json, checks, held=jobs > 1)
        settled = [sequence.settle(session, job.file, job.runbook, job.cells, face) for job in work]
        face.running, face.total = True, sum(map(len, settled))
        mode = Mode(keep_going, checks, updates)
        with _interruptible(face) as (cancel, signals):
            results = _perform(session, list(zip(work, settled, strict=True)), face, mode, cancel, jobs)
        if team.shares_always(session) and not team.wait_until_sent(session):
            warn(
                f"{session.settings.memory_server} is away; what these runs taught is sent when it can be reached"
            )
    _tell_skipped(results)
    _tell_changed(work)
    updated = not updates or _update([job for job in work if job.file in main], results)
    if junit:
        _write_junit(junit, results)
    if signals:
        return 128 + signals[0]
    return _exit_code(results) if updated else 2


def _files(arguments: Sequence[str]) -> tuple[str, ...]:
    """The runbooks that are meant. Raises RunbookError if one of the arguments means none."""
    if len(arguments) == 1 and not Path(arguments[0]).is_dir():
        return tuple(arguments)
    files, complaints = find_files(arguments)
    if complaints:
        raise RunbookError(complaints[0])
    return files


def _variables(given: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or not name.isidentifier():
            raise RunbookError(f"--var takes NAME=VALUE, not {pair!r}.")
        found[name] = value
    return found


def _work(
    session: Session,
    files: Sequence[str],
    names: Sequence[str],
    tags: Sequence[str],
    *,
    with_prerequisites: bool,
) -> list[_Job]:
    """The runbooks in the order to run them, each once, and their cells."""
    work: dict[str, _Job] = {}
    for file in files:
        path = str(absolute(file))
        runbook = parse(read_runbook(file))
        chosen = (
            choose.by_names(runbook, names, file) if names else choose.every(session, runbook, file, tags)
        )
        for sentence in chosen.skipped:
            warn(sentence)
        before: list[str] = []
        if with_prerequisites:
            for required in prerequisites.chain(Path(file), workspace_of(Path(file)), read_runbook)[:-1]:
                needed = str(required.file)
                before.append(needed)
                if needed not in work:
                    every = choose.every(session, required.runbook, needed)
                    work[needed] = _Job(needed, required.runbook, every.cells, tuple(before[:-1]))
        work[path] = _Job(path, runbook, chosen.cells, tuple(before))
    if tags and not any(job.cells for job in work.values()):
        raise RunbookError(f"no cell has the tag {' or '.join(tags)}; `runbook-ls ls --json` shows the tags.")
    return list(work.values())


def _say_what_would_run(session: Session, job: _Job) -> None:
    base = environment.of_file(session, job.file)
    for cell in job.cells:
        resolved = inputs.resolve(session, job.file, job.runbook, cell)
        if resolved.missing:
            names = ", ".join(one.name for one in resolved.missing)
            click.echo(f"{shown.line(cell.name)}: would ask for {names}\n")
            continue
        plan = plan_run(session, job.file, job.runbook, cell, terminal=True)
        head = f"{cell.name}: {plan.decision.action} ({plan.decision.why})"
        click.echo(f"{shown.line(head)}\n{plan.ask.text()}")
        for name in sorted(plan.ask.variables):
            source = resolved.sources.get(name) or base.sources.get(name, "the environment")
            click.echo(f"{name} comes from {shown.lines(source)}")
        click.echo("")


@contextmanager
def _interruptible(face: CommandLine) -> Iterator[tuple[threading.Event, list[int]]]:
    """While cells run, a signal cancels them, so that the run is journalled; a second Ctrl-C, or one at a question,
    gives up at once. Gives the event that cancels, and the list of the signals that came."""
    cancel = threading.Event()
    signals: list[int] = []

    def end(number: int, _: FrameType | None) -> None:
        if number == signal.SIGINT and (signals or face.asking):
            face.interrupted = True  # `input` drops the exception if it comes while it flushes the prompt
            raise KeyboardInterrupt
        signals.append(number)
        cancel.set()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {
        number: signal.signal(number, end)
        for number in numbers
        if signal.getsignal(number) is not signal.SIG_IGN  # `nohup`, or a shell's `&`
    }
    try:
        yield cancel, signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _perform(
    session: Session,
    work: Sequence[tuple[_Job, Sequence[Settled]]],
    face: CommandLine,
    mode: Mode,
    cancel: threading.Event,
    jobs: int,
) -> list[Result]:
    """Run the files: one after the other, up to the first that fails; or several at once."""
    stop = threading.Event()

    def one(job: _Job, settled: Sequence[Settled]) -> tuple[Result, ...]:
        if stop.is_set() or cancel.is_set():
            why = "a file before it failed or was cancelled"
            return tuple(Result(job.file, each.plan.cell, "skipped", why) for each in settled)
        _begin_after(session, job)
        results = sequence.perform(session, settled, face, mode, cancel)
        if not mode.keep_going and any(result.status != "passed" for result in results):
            stop.set()
        return results

    if jobs == 1:
        return [result for job, settled in work for result in one(job, settled)]
    from concurrent.futures import ThreadPoolExecutor

    from rich.console import Console
    from rich.progress import Progress

    with (
        Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as progress,
        ThreadPoolExecutor(jobs, thread_name_prefix="runbook-file") as pool,
    ):
        bar = progress.add_task("files", total=len(work))
        waiting = [pool.submit(one, job, settled) for job, settled in work]
        for future in waiting:
            future.add_done_callback(lambda _: progress.advance(bar))
        return [result for future in waiting for result in future.result()]


def _begin_after(session: Session, job: _Job) -> None:
    """Let a runbook begin with what its prerequisites left, in its own directory."""
    from dataclasses import replace

    left = next((session.states[file] for file in reversed(job.after) if file in session.states), None)
    if left is not None:
        given = {name: answer.value for name, answer in session.answers.get(job.file, {}).items()}
        session.states[job.file] = replace(left, directory=None).with_variables(given)


_NAMED_LEFT = 20  # cells that one command line can name


def _tell_skipped(results: Sequence[Result]) -> None:
    skipped = [result.cell.name for result in results if result.status == "skipped"]
    if not skipped:
        return
    warn(f"not run: {', '.join(skipped)}")
    files = {result.file for result in results}
    left = [result.cell.name for result in results if result.status != "passed"]
    if len(files) == 1 and len(left) <= _NAMED_LEFT:
        line = choose.command_line(shown.path(*files), left)
        warn(f"to go on: {line} (name the cells too that set what these need: each run begins anew)")


def _tell_changed(work: Sequence[_Job]) -> None:
    """What ran is what was read, whatever became of the file meanwhile."""
    for job in work:
        try:
            same = read_runbook(job.file) == job.runbook.text
        except RunbookError:
            same = False
        if not same:
            warn(f"{job.file} was changed while its cells ran; what ran is what it said before")


def _update(work: Sequence[_Job], results: Sequence[Result]) -> bool:
    """Write what was printed into the runbooks. False if one cannot be updated; the others are all the same."""
    all_written = True
    for job in work:
        edits = {r.cell.start_line: r.edits for r in results if r.file == job.file and r.edits}
        try:
            if check.write(Path(job.file), job.runbook.text, edits):
                warn(f"{job.file}: updated the output of {len(edits)} cell{'s' if len(edits) > 1 else ''}")
        except RunbookError as error:
            warn(str(error))
            all_written = False
    return all_written


def _write_junit(path: str, results: Sequence[Result]) -> None:
    from runbook_ls.workbench import junit

    try:
        Path(path).write_text(junit.render(results), encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise RunbookError(f"--junit {path} cannot be written: {error.strerror}.") from error


def _exit_code(results: Sequence[Result]) -> int:
    statuses = {result.status for result in results}
    if "error" in statuses:
        return 2
    return int(bool(statuses - {"passed"}))
