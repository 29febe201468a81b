"""`runbook-ls ls`: the cells of runbooks."""

from __future__ import annotations

import json

import click

from runbook_ls.cli import shown
from runbook_ls.document import parse
from runbook_ls.document.runbook import Cell
from runbook_ls.lint.files import find_files, read_runbook
from runbook_ls.values import RunbookError


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--json", "as_json", is_flag=True, help="An array of objects; lines are 1-based.")
def command(paths: tuple[str, ...], as_json: bool) -> int:
    """List every code block of runbooks: files or directories (default: this one)."""
    files, complaints = find_files(paths or (".",))
    cells: list[tuple[str, Cell]] = []
    failures = list(complaints)
    for file in files:
        try:
            cells += [(file, cell) for cell in parse(read_runbook(file)).cells]
        except RunbookError as error:
            failures.append(str(error))
    if as_json:
        click.echo(json.dumps([_as_json(file, cell) for file, cell in cells], ensure_ascii=False, indent=2))
    else:
        for file, cell in cells:
            mark = " " if cell.runnable else "-"
            first = next((line.strip() for line in cell.body.split("\n") if line.strip()), "(empty)")
            place = f"{file}:{cell.start_line + 1}"
            named = f"{cell.name or '-'}  {cell.language or '-'}"
            click.echo(shown.line(f"{mark} {place}  {named}  {first}"))
    for failure in failures:
        click.echo(f"runbook-ls: {shown.line(failure)}", err=True)
    return 2 if failures else 0


def _as_json(file: str, cell: Cell) -> dict[str, object]:
    return {
        "file": file,
        "name": cell.name,
        "explicit_name": cell.explicit_name,
        "language": cell.language,
        "attributes": dict(cell.attributes),
        "start_line": cell.start_line + 1,
        "end_line": cell.end_line + 1,
        "body": cell.body,
        "intent": cell.intent,
        "runnable": cell.runnable,
    }
