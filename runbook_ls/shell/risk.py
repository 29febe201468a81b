"""What a shell text may do: every command of it is read-only, changing, unknown or destructive.

Read-only is an allow-list with flag checks; any doubt is unknown; lists of what destroys only make warnings better.
Commands are looked at wherever they stand: through `&&`, pipes, substitutions, loops and functions (the parser finds
them), and behind `sudo`, `xargs`, `bash -c`, `find -exec` and here-documents to a shell (`launchers`). What a text
cannot show (PATH, an exported function named `ls`, git's configuration) is for `execute.consent`. Pure.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from runbook_ls.shell import clouds, invisible, launchers, programs, single, sublanguages
from runbook_ls.shell.launchers import Given
from runbook_ls.shell.syntax import Command, Script, parse
from runbook_ls.shell.syntax_words import Word
from runbook_ls.shell.tool_tables import TOOLS
from runbook_ls.shell.verdict import Assessment, Finding, Risk, Verdict, worst
from runbook_ls.values import Position, Span

__all__ = ["Assessment", "Finding", "Risk", "assess"]

_MAX_DEPTH = 8  # of `bash -c "bash -c …"`
_MAX_NESTING = 24  # of `sudo env nice …`
_MAX_STARTS = 8  # of a command inside a command line that is not understood


@lru_cache(maxsize=512)
def assess(text: str) -> Assessment:
    """Judge a shell script; never raises. The worst finding decides; an empty text is read-only.

    Spans are 0-based lines and code-point columns of `text`; for a command inside `bash -c "…"` it is the outer
    command's. The last 512 texts are remembered.
    """
    scope = Scope(parse(text), 0)
    findings = tuple(sorted(scope.findings(), key=lambda finding: finding.span))
    risk = max((finding.risk for finding in findings), default=Risk.READ_ONLY)
    return Assessment(risk, findings, frozenset(scope.programs))


class Scope:
    """One script being judged, `depth` shells deep. `programs` collects what was taken for read-only programs."""

    def __init__(self, script: Script, depth: int) -> None:
        self.script = script
        self.depth = depth
        self.programs: set[str] = set()
        self._nesting = 0
        self._judged: dict[tuple[tuple[int, ...], bool], tuple[Sequence[Word], Verdict]] = {}

    def findings(self) -> list[Finding]:
        """A finding for every command, and for whatever else of the script matters."""
        found: list[Finding] = []

        def note(span: Span, verdict: Verdict) -> None:
            found.append(Finding(span, verdict.risk, verdict.reason))

        for fault in self.script.faults:
            note(fault.span, Verdict(Risk.UNKNOWN, f"the parser is not sure here: {fault.message}"))
        for span in self.script.opaque:
            note(span, Verdict(Risk.UNKNOWN, "`@P` expands a value as a prompt, which may run commands"))
        for span in self.script.evaluated:
            note(
                span,
                Verdict(
                    Risk.UNKNOWN,
                    "a value is evaluated that may be no number: a subscript in it runs commands",
                ),
            )
        for redirect in self.script.redirects:
            note(redirect.span, single.redirection(redirect))
        for function in self.script.functions:
            if self._is_bomb(function.name):
                note(function.span, Verdict(Risk.DESTRUCTIVE, f"`{function.name}` starts itself without end"))
        for command in self.script.commands:
            if (verdict := self._command(command)) is not None:
                note(command.span, verdict)
        if self.script.faults:
            found += self._destroying_lines()
        if "git" in self.programs and self.programs & {"cd", "pushd", "popd"}:
            for command in self.script.commands:
                if command.name == "git":
                    note(
                        command.span, Verdict(Risk.UNKNOWN, "`git` runs where its configuration was not seen")
                    )
        return found

    def _destroying_lines(self) -> list[Finding]:
        """What destroys in a text that does not parse as a whole, line by line."""
        lines = self.script.text.split("\n")
        if len(lines) < 2 or self.depth >= _MAX_DEPTH:
            return []
        found = []
        for number, line in enumerate(lines):
            verdict = self.inner(line, None)
            if verdict.risk is Risk.DESTRUCTIVE:
                span = Span.of(number, 0, number, len(line))
                found.append(Finding(span, verdict.risk, verdict.reason))
        return found

    def _is_bomb(self, function: str) -> bool:
        """A function that runs itself in the background or on both sides of a pipe."""
        calls = [c for c in self.script.commands if c.name == function and "function" in c.within]
        return any(call.piped_from or "background" in call.within for call in calls)

    def _command(self, command: Command) -> Verdict | None:
        verdicts = [single.assignment(a.name, a.value) for a in command.assignments]
        verdicts += [single.redirection(redirect) for redirect in command.redirects]
        if command.words:
            verdicts.append(self.words(command.words, command))
        return worst(verdicts) if verdicts else None

    def inner(self, text: str, command: Command | None) -> Verdict:
        """The verdict on a text that a command hands to a shell."""
        if self.depth >= _MAX_DEPTH:
            return Verdict(Risk.UNKNOWN, "shells inside shells, too deep to follow")
        scope = Scope(parse(text), self.depth + 1)
        verdict = worst(Verdict(finding.risk, finding.reason) for finding in scope.findings())
        self.programs |= scope.programs
        return verdict

    def words(self, words: Sequence[Word], command: Command | None) -> Verdict:
        """The verdict on one command line. `command` is None where it runs behind another program."""
        # `exec exec exec …`: every tail is judged once, and not too deep for Python. The words are kept: an id is
        # only good as long as its object lives.
        key = (tuple(map(id, words)), command is None)
        if key not in self._judged:
            if self._nesting > _MAX_NESTING:
                return Verdict(Risk.UNKNOWN, "programs that run programs, too deep to follow")
            self._nesting += 1
            self._judged[key] = words, self._line(words, command)
            self._nesting -= 1
        return self._judged[key][1]

    def behind(self, words: Sequence[Word], start: int) -> Iterator[Verdict]:
        """The verdicts on what may be a command from the index `start` on: where a known program's name stands."""
        starts = (at for at in range(start, len(words)) if words[at].value in _KNOWN)
        return (self.words(words[at:], None) for at in islice(starts, _MAX_STARTS))

    def given_input(self, command: Command | None) -> Given | None:
        """The text on a command's standard input, where the script holds it."""
        for _ in range(_MAX_DEPTH):  # `echo x | cat | cat | sh`
            if command is None:
                return None
            for redirect in reversed(command.redirects):
                if redirect.descriptor not in (None, "0"):
                    continue
                if redirect.operator in ("<<", "<<-"):
                    body = redirect.body or ""
                    return Given(body, redirect.quoted or not any(mark in body for mark in "$`\\"))
                if redirect.operator == "<<<" and redirect.target is not None:
                    return _given([redirect.target])
                if redirect.operator == "<" and redirect.target and redirect.target.value == "/dev/null":
                    return Given("", is_literal=True)
                if redirect.operator.startswith("<"):
                    return None
            feeder = self._feeder(command)
            if feeder is not None and feeder.name in ("echo", "printf"):
                given = _given(feeder.arguments)
                is_plain = given.is_literal and not any(mark in given.text for mark in "\\%")
                return Given(given.text, is_plain and not given.text.startswith("-"))
            command = feeder if feeder and feeder.name == "cat" and len(feeder.words) == 1 else None
        return None

    def _feeder(self, command: Command) -> Command | None:
        """The one command of the pipeline's stage before this one, if it is one."""
        source = command.piped_from
        if source is None:
            return None
        commands = self.script.commands  # in the order of the text
        first = bisect_left(commands, source.start, key=_begins)
        end = bisect_left(commands, min(source.end, command.span.start), key=_begins)
        return commands[first] if end - first == 1 else None

    def _line(self, words: Sequence[Word], command: Command | None) -> Verdict:
        name = words[0].value
        if not name:
            destroys = single.destroying_word(words[1:], words[0].raw)
            return destroys or Verdict(Risk.UNKNOWN, f"the command is computed: `{words[0].raw}`")
        directory, slash, base = name.rpartition("/")
        verdict = self._named(base or name, words, command)
        if _hide(words):
            return verdict.at_least(Risk.UNKNOWN, "a character that cannot be seen stands in the command")
        if slash and directory not in _SYSTEM_DIRECTORIES:
            return verdict.at_least(Risk.UNKNOWN, f"`{name}` is a program of its own")
        return verdict

    def _named(self, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
        verdict = self._known(name, words, command)
        if verdict is None and self._is_function(name, command):
            verdict = Verdict(Risk.READ_ONLY, f"`{name}` is a function of this script")
        elif verdict is None:
            unknown = Verdict(Risk.UNKNOWN, f"`{name}` is not a program that is known here")
            verdict = single.destroying_word(words[1:], name) or unknown
        if verdict.risk is Risk.READ_ONLY:
            self.programs.add(name)
        return verdict

    def _is_function(self, name: str, command: Command | None) -> bool:
        """True if the script has surely defined a function of that name before. Its body is judged by itself."""
        return command is not None and any(
            f.name == name and not f.within and f.span.start < command.span.start
            for f in self.script.functions
        )

    def _known(self, name: str, words: Sequence[Word], command: Command | None) -> Verdict | None:
        if reader := launchers.READERS.get(name):
            return reader(self, name, words, command)
        if name in programs.SHELLS:
            return launchers.shell(self, name, words, command)
        if name in programs.INTERPRETERS or re.fullmatch(_VERSIONED, name):
            texts = [redirect.body or "" for redirect in (command.redirects if command else ())]
            return single.interpreter(name, words, texts)
        if name in programs.WRAPPERS:
            return launchers.wrapper(self, name, words, command)
        if name in clouds.READERS:
            return launchers.cloud(self, name, words, command)
        if name in sublanguages.READERS:
            given = self.given_input(command)
            read = sublanguages.READERS[name](name, words, given.text if given else None, _is_fed(command))
            if given and not given.is_literal:
                return read.at_least(Risk.UNKNOWN, f"what `{name}` reads has expansions or escapes")
            return read
        if name in TOOLS:
            return launchers.tool(self, name, words, command)
        if name in programs.RUNNING_OPTIONS and (
            verdict := launchers.running_options(self, name, words, command)
        ):
            return verdict
        return single.judge(name, words)


_KNOWN = frozenset(
    {*launchers.READERS, *programs.WRAPPERS, *programs.SHELLS, *programs.INTERPRETERS, *clouds.READERS}
    | {*sublanguages.READERS, *TOOLS, *single.NAMES}
)
_VERSIONED = r"(?:python|perl|ruby|php|lua|node)[\d.]+"
_SYSTEM_DIRECTORIES = frozenset(
    {"/bin", "/usr/bin", "/usr/local/bin", "/sbin", "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"}
)


def _hide(words: Sequence[Word]) -> bool:
    """True if one of the words has characters that a reader does not see, or takes for others."""
    text = "".join([word.raw for word in words])
    is_plain = text.isascii() and text.isprintable()
    return not is_plain and any(invisible.find(word.raw) for word in words)


def _begins(command: Command) -> Position:
    return command.span.start


def _given(words: Sequence[Word]) -> Given:
    text = " ".join(w.raw.strip("\"'") if w.value is None else w.value for w in words)
    return Given(text, all(word.value is not None for word in words))


def _is_fed(command: Command | None) -> bool:
    """True if something comes to a command's standard input."""
    if command is None:
        return False
    return command.piped_from is not None or any(r.operator.startswith("<") for r in command.redirects)
