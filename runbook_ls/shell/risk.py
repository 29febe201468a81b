"""What a shell text may do: every command of it is read-only, changing, unknown or destructive.

Read-only is an allow-list with flag checks; any doubt is unknown; lists of what destroys only make warnings better.
Commands are looked at wherever they stand: through `&&`, pipes, substitutions, loops and functions (the parser finds
them), and behind `sudo`, `env`, `xargs`, `find -exec`, `bash -c`, `eval`, `ssh` and here-documents to a shell. What
a text cannot show (PATH, an exported function named `ls`, git's configuration) is for `execute.consent`. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from runbook_ls.shell import clouds, programs, sublanguages
from runbook_ls.shell.options import doubtful, find_option, skip_options, table
from runbook_ls.shell.syntax import Command, Redirect, Script, parse
from runbook_ls.shell.syntax_words import Word
from runbook_ls.shell.tool_tables import TOOLS
from runbook_ls.shell.tools import find_path, judge
from runbook_ls.shell.verdict import Assessment, Finding, Risk, Verdict, worst
from runbook_ls.values import Span

__all__ = ["Assessment", "Finding", "Risk", "assess"]

_MAX_DEPTH = 8  # of `bash -c "bash -c …"`
_MAX_NESTING = 24  # of `sudo env nice …`


@lru_cache(maxsize=512)
def assess(text: str) -> Assessment:
    """Judge a shell script; never raises. The worst finding decides; an empty text is read-only.

    Spans are 0-based lines and code-point columns of `text`; for a command inside `bash -c "…"` it is the outer
    command's. The last 512 texts are remembered.
    """
    reading = _Reading()
    reading.script(text, None, 0)
    risk = max((finding.risk for finding in reading.findings), default=Risk.READ_ONLY)
    return Assessment(risk, tuple(reading.findings), frozenset(reading.programs))


@dataclass(slots=True)
class _Reading:
    """What one call of `assess` collects."""

    findings: list[Finding] = field(default_factory=list)
    programs: set[str] = field(default_factory=set)

    def script(self, text: str, place: Span | None, depth: int) -> Verdict:
        """Judge a text, add its findings (at `place` if it stands inside another command), return the worst."""
        before = len(self.findings)
        script = parse(text)
        scope = _Scope(self, script, depth)

        def found(span: Span, verdict: Verdict) -> None:
            self.findings.append(Finding(place or span, verdict.risk, verdict.reason))

        if depth > _MAX_DEPTH:
            return Verdict(Risk.UNKNOWN, "shells inside shells, too deep to follow")
        for fault in script.faults:
            found(fault.span, Verdict(Risk.UNKNOWN, f"the parser is not sure here: {fault.message}"))
        for span in script.opaque:
            found(span, Verdict(Risk.UNKNOWN, "`@P` expands a value as a prompt, which may run commands"))
        for redirect in script.redirects:
            found(redirect.span, _redirect(redirect))
        for function in script.functions:
            if _calls_itself_twice(function.name, script):
                found(
                    function.span, Verdict(Risk.DESTRUCTIVE, f"`{function.name}` starts itself without end")
                )
        for command in script.commands:
            verdict = scope.command(command)
            if verdict is not None:
                found(command.span, verdict)
        if "git" in self.programs and self.programs & {"cd", "pushd", "popd"}:
            for command in script.commands:
                if command.name == "git":
                    found(
                        command.span,
                        Verdict(Risk.UNKNOWN, "`git` runs in a directory whose configuration was not seen"),
                    )
        if place is None:
            self.findings.sort(key=lambda finding: finding.span)
        return worst(Verdict(f.risk, f.reason) for f in self.findings[before:])


def _calls_itself_twice(name: str, script: Script) -> bool:
    """A fork bomb: a function that runs itself in the background or on both sides of a pipe."""
    calls = [c for c in script.commands if c.name == name and "function" in c.within]
    return any(c.piped_from or "background" in c.within for c in calls)


@dataclass(slots=True)
class _Scope:
    """One script being judged: what its commands need to know of each other."""

    reading: _Reading
    script: Script
    depth: int
    nesting: int = 0
    judged: dict[tuple[tuple[Word, ...], bool], Verdict] = field(default_factory=dict)

    def command(self, command: Command) -> Verdict | None:
        verdicts = [_assignment(a.name, a.value) for a in command.assignments]
        verdicts += [_redirect(redirect) for redirect in command.redirects]
        if command.words:
            verdicts.append(self.words(command.words, command))
        return worst(verdicts) if verdicts else None

    def inner(self, text: str, command: Command | None) -> Verdict:
        """The verdict on a text that a command hands to a shell."""
        if self.depth >= _MAX_DEPTH:
            return Verdict(Risk.UNKNOWN, "shells inside shells, too deep to follow")
        assessment = _Reading()
        verdict = assessment.script(text, None, self.depth + 1)
        self.reading.programs |= assessment.programs
        return verdict

    def words(self, words: Sequence[Word], command: Command | None) -> Verdict:
        """The verdict on one command line. `command` is None where it runs behind another program."""
        # `exec exec exec …`: every tail is judged once, and not too deep for Python.
        key = (tuple(words), command is None)
        if key not in self.judged:
            if self.nesting > _MAX_NESTING:
                return Verdict(Risk.UNKNOWN, "programs that run programs, too deep to follow")
            self.nesting += 1
            self.judged[key] = self.judge(words, command)
            self.nesting -= 1
        return self.judged[key]

    def judge(self, words: Sequence[Word], command: Command | None) -> Verdict:
        name = words[0].value
        if name is None:
            destroys = _destroying_word(words)
            return destroys or Verdict(Risk.UNKNOWN, f"the command is computed: `{words[0].raw}`")
        if name == "":
            return Verdict(Risk.UNKNOWN, "the command is an empty word")
        if any(_controls(word.raw) for word in words):
            return self.plain(name, words, command).at_least(
                Risk.UNKNOWN, "a control or invisible character stands in the command"
            )
        if "/" in name:
            directory, _, base = name.rpartition("/")
            verdict = self.plain(base, (_renamed(words[0], base), *words[1:]), command) if base else None
            if directory in _SYSTEM_DIRECTORIES and verdict:
                return verdict
            if verdict and verdict.risk is Risk.DESTRUCTIVE:
                return verdict
            return Verdict(Risk.UNKNOWN, f"`{name}` is a program of its own")
        return self.plain(name, words, command)

    def plain(self, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
        verdict = self.known(name, words, command)
        if self.is_function(name, command):
            verdict = verdict if name in _ALL_KNOWN else None
            verdict = verdict or Verdict(Risk.READ_ONLY, f"`{name}` is a function of this script")
        elif verdict is None:
            verdict = _destroying_word(words) or Verdict(Risk.UNKNOWN, f"`{name}` is not a program I know")
        if verdict.risk is Risk.READ_ONLY:
            self.reading.programs.add(name)
        return verdict

    def is_function(self, name: str, command: Command | None) -> bool:
        """True if the script surely defined a function of that name before."""
        return command is not None and any(
            f.name == name and not f.within and f.span.start < command.span.start
            for f in self.script.functions
        )

    def known(self, name: str, words: Sequence[Word], command: Command | None) -> Verdict | None:
        if special := _SPECIAL.get(name):
            return special(self, name, words, command)
        if name in programs.SHELLS:
            return self.shell(name, words, command)
        if name in programs.INTERPRETERS or re.fullmatch(r"(?:python|perl|ruby|php|lua|node)[\d.]+", name):
            return _interpreter(name, words, command)
        if name in programs.WRAPPERS:
            return self.wrapper(name, words, command)
        if name in clouds.READERS:
            return self.cloud(name, words, command)
        if name in sublanguages.READERS:
            return self.sublanguage(name, words, command)
        if name in TOOLS:
            return self.tool(name, words)
        return _by_table(name, words)

    # Commands that run others

    def shell(self, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
        """`bash -c TEXT`, `bash <<END`, `… | bash`, `bash FILE`."""
        at = 1
        while at < len(words):
            word = words[at]
            text = word.value or ""
            if re.fullmatch(r"[-+][A-Za-z]*c[A-Za-z]*", text):
                script = next((w for w in words[at + 1 :] if not (w.value or "").startswith("-")), None)
                if script is None:
                    break
                return self.text_of(script, name, command)
            if text in ("-o", "+o", "-O", "+O"):
                at += 1
            elif text in ("--help", "--version"):
                return Verdict(Risk.READ_ONLY, f"`{name}` prints its help or version")
            elif text not in ("-s", "-") and not re.fullmatch(
                r"-[eluxvfni]+|--(?:norc|noprofile|posix|login)", text
            ):
                return Verdict(Risk.UNKNOWN, f"`{name}` runs `{word.raw}`, which is not shown here")
            at += 1
        return self.standard_input(name, command)

    def standard_input(self, name: str, command: Command | None) -> Verdict:
        """What a shell gets to run on its standard input, as far as the text shows it."""
        unseen = Verdict(Risk.UNKNOWN, f"`{name}` runs what it reads")
        if command is None:
            return unseen
        given = self.given_input(command)
        if given is None:
            return unseen
        verdict = self.inner(given, command)
        return Verdict(verdict.risk, f"{verdict.reason}, run by `{name}`")

    def given_input(self, command: Command) -> str | None:
        """The text on a command's standard input, where the script holds it literally."""
        for redirect in reversed(command.redirects):
            if redirect.operator in ("<<", "<<-"):
                return redirect.body
            if redirect.operator == "<<<" and redirect.target is not None:
                target = redirect.target
                return target.raw if target.value is None else target.value
            if redirect.operator.startswith("<"):
                return None
        source = command.piped_from
        feeding = [
            other
            for other in self.script.commands
            if source and source.start <= other.span.start < min(source.end, command.span.start)
        ]
        if len(feeding) == 1:
            feeder = feeding[0]
            if feeder.name in ("echo", "printf"):
                return " ".join(
                    w.value if w.value is not None else w.raw.strip("\"'") for w in feeder.arguments
                )
            if feeder.name == "cat" and len(feeder.words) == 1:
                return self.given_input(feeder)
        return None

    def text_of(self, word: Word, name: str, command: Command | None) -> Verdict:
        """The verdict on a word that holds a script; where it has expansions it is at least unknown."""
        if word.value is not None:
            return self.inner(word.value, command)
        verdict = self.inner(word.raw.strip("\"'"), command)
        return verdict.at_least(Risk.UNKNOWN, f"`{name}` runs a text with expansions")

    def evaluate(self, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
        text = " ".join(w.value if w.value is not None else w.raw.strip("\"'") for w in words[1:])
        return self.inner(text, command).at_least(Risk.UNKNOWN, "`eval` runs its words as a script")

    def trap(self, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
        rest = [w for w in words[1:] if w.value not in ("--", "-", "-l", "-p")]
        if not rest or len(words) == 2 or words[1].value == "-":
            return Verdict(Risk.READ_ONLY, "`trap` without an action")
        return self.text_of(rest[0], name, command)

    def alias(self, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
        if all(w.value and "=" not in w.value for w in words[1:]):
            return Verdict(Risk.READ_ONLY, "`alias` lists")
        texts = [self.inner((w.value or w.raw).partition("=")[2].strip("\"'"), command) for w in words[1:]]
        return worst(texts).at_least(Risk.UNKNOWN, "`alias` changes what a command word means")

    def wrapper(self, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
        if name == "command" and len(words) > 1 and words[1].value in ("-v", "-V"):
            return Verdict(Risk.READ_ONLY, "`command -v` looks a program up")
        if name == "sudo" and len(words) > 1 and words[1].value in ("-l", "--list", "--version", "-V"):
            return Verdict(Risk.READ_ONLY, "`sudo -l` lists")
        at, sure = skip_options(words, programs.WRAPPERS[name], 1)
        verdicts: list[Verdict] = []
        if name in ("env", "sudo"):
            while sure and at < len(words) and re.match(r"[A-Za-z_]\w*=", words[at].prefix):
                key, _, value = words[at].prefix.partition("=")
                verdicts.append(
                    _assignment(key, None if words[at].value is None else _renamed(words[at], value))
                )
                at += 1
        if name == "nice" and not sure and re.fullmatch(r"-\d+", words[at].prefix):
            at, sure = at + 1, True
        at += programs.WRAPPER_OPERANDS.get(name, 0) if sure else 0
        if not sure:
            behind = [
                self.words(words[i:], None) for i in range(at, len(words)) if words[i].value in _ALL_KNOWN
            ]
            doubt = Verdict(
                Risk.UNKNOWN, f"`{words[min(at, len(words) - 1)].raw}` of `{name}`: what runs cannot be told"
            )
            return worst([doubt, *behind])
        inner = list(words[at:])
        if not inner:
            if name in ("xargs", "env", "time", "command", "exec", "nice"):
                return worst([*verdicts, Verdict(Risk.READ_ONLY, f"`{name}` runs nothing")])
            return worst([*verdicts, Verdict(Risk.UNKNOWN, f"`{name}`: what runs cannot be told")])
        if name == "watch" or (name == "parallel" and len(inner) == 1):
            text = " ".join(w.value if w.value is not None else w.raw for w in inner)
            verdicts.append(self.inner(text, command))
        elif name in ("xargs", "parallel"):
            verdicts.append(self.words([*inner, _any_words(inner[-1].span)], None))
        else:
            # `sudo bash <<END`: the standard input is the wrapper's.
            verdicts.append(self.words(inner, command))
        if name in ("time", "strace", "ltrace", "script") and find_option(words[1:at], "-o --output"):
            verdicts.append(Verdict(Risk.CHANGING, f"`{name}` writes a file"))
        if name in programs.RAISING or find_option(words[1:at], "-P -S -C --chdir --split-string"):
            verdict = worst(verdicts)
            return verdict.at_least(Risk.UNKNOWN, f"`{name}` runs it with other rights, elsewhere or unseen")
        return worst(verdicts)

    def remote(self, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
        """`ssh HOST COMMAND…`: judged as a text, and never better than unknown."""
        options = "-4 -6 -A -a -C -f -g -K -k -N -n -q -T -t -tt -v -X -x -Y -b= -c= -D= -E= -e= -F= -I= -i= -J= -L= -l= -m= -O= -o= -p= -Q= -R= -S= -W= -w="
        at, _ = skip_options(words, options, 1)
        text = " ".join(w.value if w.value is not None else w.raw.strip("\"'") for w in words[at + 1 :])
        return self.inner(text, command).at_least(Risk.UNKNOWN, f"`{name}` runs it on another machine")

    def su(self, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
        for i, word in enumerate(words[:-1]):
            if word.value in ("-c", "--command"):
                return self.text_of(words[i + 1], name, command).at_least(
                    Risk.UNKNOWN, f"`{name}` runs it as another user"
                )
        return Verdict(Risk.UNKNOWN, f"`{name}` starts a shell as another user")

    def find(self, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
        """`find`: an allow-list of its tests; `-exec` is the command that it runs."""
        verdicts: list[Verdict] = []
        at = 1
        tests = table(sublanguages.FIND)
        while at < len(words):
            word = words[at]
            text = word.prefix
            if text == "-delete":
                return Verdict(Risk.DESTRUCTIVE, "`find -delete` removes files")
            if text in ("-exec", "-execdir", "-ok", "-okdir"):
                end = next((i for i in range(at, len(words)) if words[i].value in (";", "+")), len(words))
                inner = [
                    _any_words(w.span) if "{}" in w.raw and i else w
                    for i, w in enumerate(words[at + 1 : end])
                ]
                if inner:
                    verdicts.append(self.words(inner, None))
                    if any(
                        "{}" in w.raw
                        for w in words[at + 1 : end]
                        if w.raw != "{}" and w.raw not in ("'{}'", '"{}"')
                    ):
                        verdicts.append(Verdict(Risk.UNKNOWN, "`find -exec` puts file names into a word"))
                at = end
            elif text.startswith(("-fprint", "-fls")):
                verdicts.append(Verdict(Risk.CHANGING, f"`find {text}` writes a file"))
                at += 1
            elif word.value is None and word.may_be_option:
                verdicts.append(Verdict(Risk.UNKNOWN, f"`{word.raw}` may turn into an action of `find`"))
            elif text.startswith("-") and len(text) > 1:
                if text not in tests:
                    verdicts.append(Verdict(Risk.UNKNOWN, f"`find {text}` is not a test I know"))
                at += tests.get(text, False)
            at += 1
        return worst([Verdict(Risk.READ_ONLY, "`find` lists files"), *verdicts])

    def tool(self, name: str, words: Sequence[Word]) -> Verdict:
        """A tool with sub-commands; where it runs a command inside a container, that counts too."""
        tool = TOOLS[name]
        verdict = judge(name, words, tool)
        path, after, _ = find_path(words, tool)
        if path and path[-1] in ("exec", "run", "debug", "rsh"):
            starts = [i for i in range(after, len(words)) if words[i].value in _ALL_KNOWN]
            behind = (self.words(words[i:], None) for i in starts)
            return worst([verdict, *(v for v in behind if v.risk is Risk.DESTRUCTIVE)])
        if name == "git":
            return _git(path, words[after:], verdict)
        if verdict.risk is Risk.UNKNOWN and (destroying := _destroying_word(words)):
            return destroying
        return verdict

    def cloud(self, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
        verdict = clouds.READERS[name](name, words)
        remote = [w for a, w in pairwise(words) if a.value in table(clouds.COMMAND_OPTIONS)]
        remote += [w for w in words if w.prefix.partition("=")[0] in table(clouds.COMMAND_OPTIONS)]
        texts = (
            self.inner((w.value or w.raw).partition("=")[2] or w.value or w.raw, command) for w in remote
        )
        return worst([verdict, *(v for v in texts if v.risk is Risk.DESTRUCTIVE)])

    def sublanguage(self, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
        given = self.given_input(command) if command else None
        fed = command is not None and (
            command.piped_from is not None or any(r.operator.startswith("<") for r in command.redirects)
        )
        return sublanguages.READERS[name](name, words, given, fed)

    def source(self, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
        what = words[1].raw if len(words) > 1 else "nothing"
        return Verdict(Risk.UNKNOWN, f"`{name}` runs `{what}`, which is not shown here")


_Special = Callable[[_Scope, str, Sequence[Word], "Command | None"], Verdict]
_SPECIAL: dict[str, _Special] = {
    "eval": _Scope.evaluate,
    "source": _Scope.source,
    ".": _Scope.source,
    "trap": _Scope.trap,
    "alias": _Scope.alias,
    "ssh": _Scope.remote,
    "mosh": _Scope.remote,
    "su": _Scope.su,
    "find": _Scope.find,
    "gfind": _Scope.find,
}
# These set variables of the shell whose names are their words.
_DECLARING = frozenset(
    {
        "export",
        "declare",
        "typeset",
        "local",
        "readonly",
        "set",
        "shopt",
        "unset",
        "read",
        "getopts",
        "mapfile",
        "readarray",
    }
)
_ALL_KNOWN = frozenset(
    {*_SPECIAL, *_DECLARING, *programs.HARMLESS, *programs.UNSAFE_OPTIONS, *programs.ONLY_OPTIONS}
    | {
        *programs.DESTRUCTIVE,
        *programs.CHANGING,
        *programs.CHANGING_UNLESS,
        *programs.WRAPPERS,
        *programs.SHELLS,
    }
    | {*programs.INTERPRETERS, *TOOLS, *clouds.READERS, *sublanguages.READERS}
)
_SYSTEM_DIRECTORIES = frozenset(
    {"/bin", "/usr/bin", "/usr/local/bin", "/sbin", "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"}
)
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)


def _controls(text: str) -> bool:
    return _CONTROLS.search(text) is not None


def _renamed(word: Word, value: str) -> Word:
    return Word(word.raw, value, word.span, value)


def _any_words(span: Span) -> Word:
    """A word that stands for anything, any number of times: what `xargs` and `find` add."""
    return Word("…", None, span, "", splits=True)


def _by_table(name: str, words: Sequence[Word]) -> Verdict | None:
    rest = words[1:]
    if len(rest) == 1 and rest[0].value in ("--help", "--version") and name in _ALL_KNOWN:
        return Verdict(Risk.READ_ONLY, f"`{name}` prints its help or version")
    if name in programs.DESTRUCTIVE:
        return Verdict(Risk.DESTRUCTIVE, f"`{name}` {programs.DESTRUCTIVE[name]}")
    for prefix, what in programs.DESTRUCTIVE_PREFIXES.items():
        if name.startswith(prefix):
            return Verdict(Risk.DESTRUCTIVE, f"`{name}` {what}")
    if name in _DECLARING:
        return _declaration(name, rest)
    if name in programs.ONLY_OPTIONS:
        at, sure = skip_options(rest, programs.ONLY_OPTIONS[name])
        formats = name == "date" and all((w.prefix or "x")[0] == "+" for w in rest[at:])
        if sure and (formats or len(rest) - at <= programs.OPERANDS.get(name, 0)):
            return Verdict(Risk.READ_ONLY, f"`{name}` reads")
        return _destroying_word(words) or Verdict(Risk.CHANGING, f"`{name}` may change something")
    if name in programs.UNSAFE_OPTIONS:
        return _with_options(name, rest, programs.UNSAFE_OPTIONS[name])
    if name in programs.HARMLESS:
        return _harmless(name, rest)
    if option := find_option(rest, programs.CHANGING_UNLESS.get(name, "")):
        return Verdict(Risk.DESTRUCTIVE, f"`{name} {option.raw}` can destroy")
    if name in programs.CHANGING or name in programs.CHANGING_UNLESS:
        return Verdict(Risk.CHANGING, f"`{name}` changes something")
    return None


_EVALUATING = frozenset({"[", "[[", "test", "printf", "let"})


def _harmless(name: str, rest: Sequence[Word]) -> Verdict:
    # Array subscripts are evaluated: [[ 'a[$(rm x)]' -eq 1 ]] runs rm.
    if name in _EVALUATING and any(_substitutes(w.value) for w in rest):
        return Verdict(Risk.UNKNOWN, f"`{name}` may evaluate a text that holds a substitution")
    if name == "printf" and find_option(rest[:1], "-v"):
        return _assignment((rest[1].value if len(rest) > 1 else None) or "?", None)
    return Verdict(Risk.READ_ONLY, f"`{name}` reads")


def _with_options(name: str, rest: Sequence[Word], unsafe: str) -> Verdict:
    if option := find_option(rest, unsafe):
        return Verdict(Risk.CHANGING, f"`{name} {option.raw}` is more than reading")
    if name in programs.SENDS and (word := next((w for w in rest if w.value is None), None)):
        return Verdict(Risk.UNKNOWN, f"`{name}` sends `{word.raw}` over the network")
    if word := doubtful(rest):
        return Verdict(Risk.UNKNOWN, f"`{word.raw}` may turn into an option of `{name}`")
    return Verdict(Risk.READ_ONLY, f"`{name}` reads")


def _declaration(name: str, rest: Sequence[Word]) -> Verdict:
    """Setting a shell's own variables and options changes nothing outside, unless others run by them."""
    verdicts = [Verdict(Risk.READ_ONLY, f"`{name}` sets the shell's own state")]
    if name in ("mapfile", "readarray") and find_option(rest, "-C"):
        return Verdict(Risk.UNKNOWN, f"`{name} -C` runs a command")
    for word in rest:
        key, equals, value = word.prefix.partition("=")
        if word.value is None and not equals and word.may_be_option:
            verdicts.append(Verdict(Risk.UNKNOWN, f"`{word.raw}` of `{name}` cannot be told"))
        elif name == "unset" or equals or not key.startswith(("-", "+")):
            verdicts.append(_assignment(key.rstrip("+").split("[")[0], None))
            if _substitutes(word.value if value or not equals else None):
                verdicts.append(
                    Verdict(Risk.UNKNOWN, f"`{name}` may evaluate a text that holds a substitution")
                )
    return worst(verdicts)


def _assignment(name: str, value: Word | None) -> Verdict:
    if re.fullmatch(programs.TELLING_VARIABLES, name):
        return Verdict(Risk.UNKNOWN, f"`{name}` decides which programs run or what they load")
    if value is not None and _substitutes(value.value):
        return Verdict(Risk.UNKNOWN, f"`{name}` holds a text with a substitution in it")
    return Verdict(Risk.READ_ONLY, f"`{name}` is set in the shell")


def _substitutes(value: str | None) -> bool:
    return value is not None and ("$(" in value or "`" in value or "${" in value or "<(" in value)


_SAFE_TARGETS = frozenset({"/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/zero"})


def _redirect(redirect: Redirect) -> Verdict:
    operator, target = redirect.operator, redirect.target
    value = target.value if target else None
    prefix = target.prefix if target else ""
    if prefix.startswith(("/dev/tcp/", "/dev/udp/")):
        return Verdict(Risk.UNKNOWN, f"`{operator} {prefix}` opens a network connection")
    if target is None or operator in ("<", "<<", "<<-", "<<<", "<&"):
        return Verdict(Risk.READ_ONLY, "reads its input")
    if operator == ">&" and value is not None and re.fullmatch(r"\d+|\d*-", value):
        return Verdict(Risk.READ_ONLY, "joins two outputs")
    if (
        value in _SAFE_TARGETS
        or re.fullmatch(r"/dev/fd/\d+", value or "")
        or target.raw.startswith((">(", "<("))
    ):
        return Verdict(Risk.READ_ONLY, "writes to no file")
    if prefix.startswith("/dev/") and prefix not in _SAFE_TARGETS:
        return Verdict(Risk.DESTRUCTIVE, f"`{operator} {target.raw}` writes to a device")
    return Verdict(Risk.CHANGING, f"`{operator} {target.raw}` writes a file")


def _git(path: Sequence[str] | None, rest: Sequence[Word], verdict: Verdict) -> Verdict:
    if path == ("push",) and any((w.value or w.prefix).startswith(("+", ":")) for w in rest):
        return Verdict(Risk.DESTRUCTIVE, "`git push` with `+` or `:` overwrites or deletes a branch")
    if path == ("restore",) and not find_option(rest, "--staged -S"):
        return Verdict(Risk.DESTRUCTIVE, "`git restore` discards changes of the working tree")
    return verdict


def _interpreter(name: str, words: Sequence[Word], command: Command | None) -> Verdict:
    if len(words) == 2 and words[1].value in ("--version", "-V", "-v", "--help", "-h"):
        return Verdict(Risk.READ_ONLY, f"`{name}` prints its help or version")
    texts = [w.raw for w in words[1:]] + [r.body or "" for r in (command.redirects if command else ())]
    if any(re.search(programs.DESTROYING_CODE, text) for text in texts):
        return Verdict(Risk.DESTRUCTIVE, f"the program for `{name}` removes something")
    return Verdict(Risk.UNKNOWN, f"`{name}` runs a program of its own")


def _destroying_word(words: Sequence[Word]) -> Verdict | None:
    """What a word of destroying says of a command that nobody knows."""
    for word in words[1:]:
        text = word.prefix
        if (text in programs.DESTROYING_WORDS and word.value is not None) or text.startswith(
            programs.DESTROYING_PREFIXES
        ):
            return Verdict(Risk.DESTRUCTIVE, f"`{words[0].raw} {text}` sounds like destroying")
    return None
