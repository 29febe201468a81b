"""Runs as JUnit XML, which most CI systems show: a suite a runbook, a case a cell.

Source: the schema of Jenkins' xUnit plugin (junit-10.xsd). Texts are redacted.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from runbook_ls.shell.invisible import escape as visible
from runbook_ls.shell.secrets import redact
from runbook_ls.workbench.sequence import Result

_LONGEST_OUTPUT = 20_000  # characters of each stream


def render(results: Sequence[Result]) -> str:
    """XML text. `results` of one file stand together."""
    suites = [_suite(file, list(group)) for file, group in groupby(results, key=lambda result: result.file)]
    return f'<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="runbook-ls">\n{"".join(suites)}</testsuites>\n'


def _suite(file: str, results: Sequence[Result]) -> str:
    counts = {
        status: sum(result.status == status for result in results)
        for status in ("failed", "error", "skipped")
    }
    seconds = sum(result.done.execution.duration_ms for result in results if result.done) / 1000
    head = (
        f'name={quoteattr(visible(file))} tests="{len(results)}" failures="{counts["failed"]}" '
        f'errors="{counts["error"]}" skipped="{counts["skipped"]}" time="{seconds:.3f}"'
    )
    return f"  <testsuite {head}>\n{''.join(map(_case, results))}  </testsuite>\n"


def _case(result: Result) -> str:
    milliseconds = result.done.execution.duration_ms if result.done else 0
    name = quoteattr(visible(f"{result.cell.name} (line {result.cell.start_line + 1})"))
    head = f'name={name} classname={quoteattr(visible(result.file))} time="{milliseconds / 1000:.3f}"'
    inside = _outcome(result)
    if result.done and result.status != "passed":
        inside += _stream("system-out", result.done.hide(result.done.execution.stdout))
        inside += _stream("system-err", result.done.hide(result.done.execution.stderr))
    return f"    <testcase {head}>\n{inside}    </testcase>\n" if inside else f"    <testcase {head}/>\n"


def _outcome(result: Result) -> str:
    if result.status == "passed":
        return ""
    message = quoteattr(_text(result.why))
    if result.status == "skipped":
        return f"      <skipped message={message}/>\n"
    element = "failure" if result.status == "failed" else "error"
    details = escape(_text(result.verdict.diff)) if result.verdict else ""
    return f"      <{element} message={message}>{details}</{element}>\n"


def _stream(element: str, text: str) -> str:
    if not text:
        return ""
    return f"      <{element}>{escape(_text(text)[-_LONGEST_OUTPUT:])}</{element}>\n"


def _text(text: str) -> str:
    """XML has no control characters: they are written out."""
    return visible(redact(text).text)
