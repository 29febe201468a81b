"""The only crossing between the core's values and LSP types.

The core counts columns in code points; a client counts in UTF-8, UTF-16 or UTF-32 code units, as agreed at
initialize. Lines are 0-based on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from runbook_ls.values import Position, Problem, Severity, Span, TextEdit

SEVERITY = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
    Severity.HINT: types.DiagnosticSeverity.Hint,
}


class Columns:
    """Columns of one text in the client's units, both ways. `lines` are the text's LSP lines, ends kept."""

    def __init__(self, lines: Sequence[str], encoding: str) -> None:
        self.lines = lines
        self.encoding = encoding

    def position(self, position: types.Position) -> Position:
        """From the client. A place past the end of a line is that line's end; past the last line, the text's
        end: what the specification asks for."""
        if position.line >= len(self.lines):
            return self._end()
        line = self.lines[position.line].rstrip("\r\n")
        return Position(position.line, self._code_points(line, position.character))

    def span(self, given: types.Range) -> Span:
        return Span(self.position(given.start), self.position(given.end))

    def to_position(self, position: Position) -> types.Position:
        line = self.lines[position.line] if position.line < len(self.lines) else ""
        return types.Position(position.line, self._units(line[: position.column]))

    def end_of_line(self, line: int) -> types.Position:
        """The end of the 0-based line, before its ending."""
        text = self.lines[line].rstrip("\r\n") if line < len(self.lines) else ""
        return types.Position(line, self._units(text))

    def to_range(self, span: Span) -> types.Range:
        return types.Range(self.to_position(span.start), self.to_position(span.end))

    def to_edit(self, edit: TextEdit) -> types.TextEdit:
        return types.TextEdit(self.to_range(edit.span), edit.text)

    def to_diagnostic(
        self,
        problem: Problem,
        source: str = "runbook-ls",
        *,
        uri: str = "",
        page: str = "",
        fade: bool = False,
    ) -> types.Diagnostic:
        """`page` explains the code, "" if nothing does; `fade` marks what could go. Related places are those of the
        document `uri`, and left out without one."""
        span = problem.span or Span.of(0, 0, 0, 0)
        related = [
            types.DiagnosticRelatedInformation(types.Location(uri, self.to_range(other.span)), other.message)
            for other in problem.related
        ]
        return types.Diagnostic(
            range=self.to_range(span),
            message=problem.message,
            severity=SEVERITY[problem.severity],
            code=problem.code,
            code_description=types.CodeDescription(page) if page else None,
            source=source,
            tags=[types.DiagnosticTag.Unnecessary] if fade else None,
            related_information=related if related and uri else None,
        )

    def _end(self) -> Position:
        if not self.lines:
            return Position(0, 0)
        last = self.lines[-1]
        if last.endswith(("\n", "\r")):
            return Position(len(self.lines), 0)
        return Position(len(self.lines) - 1, len(last))

    def _units(self, text: str) -> int:
        if text.isascii() or self.encoding == "utf-32":
            return len(text)
        if self.encoding == "utf-8":
            return len(text.encode("utf-8", "surrogatepass"))
        return len(text) + sum(ord(c) > 0xFFFF for c in text)

    def _code_points(self, line: str, units: int) -> int:
        if line.isascii() or self.encoding == "utf-32":
            return min(units, len(line))
        seen = 0
        for column, character in enumerate(line):
            if seen >= units:
                return column
            seen += self._units(character)
        return len(line)


def message(text: str) -> str:
    """`text` for `window/showMessage` and its question. VS Code makes links of `[label](command:…)` there and shows the
    label alone: a word joiner, which nobody sees, keeps a cell's text what it is."""
    return text.replace("](", "]\u2060(")
