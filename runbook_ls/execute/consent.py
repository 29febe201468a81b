"""May this run now? Decides from plain values; asking is the faces' work.

An explicit act on a cell runs what is read-only, changing or unknown and asks for what is destructive. On a
suggestion that nobody edited, and always where consent is strict, it asks for everything but read-only.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from runbook_ls.execute.interpreters import Interpreter
from runbook_ls.execute.processes import cell_bytes
from runbook_ls.shell import invisible
from runbook_ls.shell.risk import Assessment, Finding, Risk, assess
from runbook_ls.values import RunbookError, Span

Action = Literal["run", "confirm", "refuse"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What consent says: the action, why in one clause, the risk, and the findings that led to it.

    `lines` are the 0-based lines of the body that are to be pointed out.
    """

    action: Action
    why: str
    risk: Risk
    findings: tuple[Finding, ...] = ()

    @property
    def lines(self) -> tuple[int, ...]:
        return tuple(sorted({finding.span.start.line for finding in self.findings}))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a text cannot show: what its command words mean where it runs.

    `environment` is what the cell gets, `inherited_path` the PATH of the user's own environment, `names` the
    functions and aliases of the shell state, `workspace` the folder that a program may not come from.
    """

    environment: Mapping[str, str]
    directory: Path
    workspace: Path | None = None
    inherited_path: str | None = None
    names: Collection[str] = field(default=())


def decide(
    assessment: Assessment,
    *,
    unedited_suggestion: bool = False,
    strict: bool = False,
    trusted: bool | None = None,
    doubts: Collection[str] = (),
) -> Decision:
    """Whether a cell may run now, must be confirmed or is refused.

    `trusted` is the workspace's trust (None: the client said nothing, which makes consent strict; False: nothing
    runs). `doubts` are reasons why what looks read-only may not be (from `doubts`).
    """
    risk = assessment.risk
    if trusted is False:
        return Decision("refuse", "the workspace is not trusted, so nothing of it runs", risk)
    if risk is Risk.READ_ONLY and not doubts:
        return Decision("run", "it only reads", risk)
    findings = assessment.above(Risk.READ_ONLY)
    if risk is Risk.READ_ONLY:
        risk, why = Risk.UNKNOWN, next(iter(doubts))
    else:
        why = next(finding.reason for finding in findings if finding.risk is risk)
    if risk is Risk.DESTRUCTIVE:
        return Decision("confirm", why, risk, findings)
    if unedited_suggestion:
        return Decision("confirm", f"{why}, and it is a suggestion that you did not change", risk, findings)
    if strict or trusted is None:
        return Decision("confirm", f"{why}, and consent is strict here", risk, findings)
    return Decision("run", why, risk, findings)


def doubts(assessment: Assessment, surroundings: Surroundings) -> tuple[str, ...]:
    """Why the programs of a read-only assessment may not be what their names say, in this environment.

    Looks at the environment, the programs' places and, where git runs, its configuration. Empty: no doubt.
    """
    environment = surroundings.environment
    found = [f"`{name}` is set and changes what a shell runs" for name in _TELLING if environment.get(name)]
    names = {*surroundings.names, *_exported_functions(environment)}
    found += [f"`{name}` is a function or an alias here" for name in sorted(assessment.programs & names)]
    path = environment.get("PATH", "")
    if surroundings.inherited_path is not None and path != surroundings.inherited_path:
        found.append("PATH is not the one of your own environment")
    if any(not Path(entry).is_absolute() for entry in path.split(os.pathsep)):
        found.append("PATH holds a relative folder")
    for name in sorted(assessment.programs):
        program = shutil.which(name, path=path)
        inside = surroundings.workspace
        if program and inside and Path(program).resolve().is_relative_to(inside.resolve()):
            found.append(f"`{name}` is a program of the workspace: {program}")
    if "git" in assessment.programs and not found:
        found += _git_doubts(surroundings)
    return tuple(found)


_TELLING = ("BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS", "PROMPT_COMMAND", "LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT",
            "DYLD_INSERT_LIBRARIES", "DYLD_LIBRARY_PATH", "GIT_EXTERNAL_DIFF", "GIT_CONFIG_COUNT", "GIT_CONFIG_GLOBAL",
            "GIT_CONFIG_PARAMETERS", "GIT_DIR", "GIT_EXEC_PATH", "GIT_SSH_COMMAND", "LESSOPEN")  # fmt: skip
_FUNCTION = re.compile(r"BASH_FUNC_(.+?)(?:%%|\(\))\Z")


def _exported_functions(environment: Mapping[str, str]) -> set[str]:
    return {found[1] for name in environment if (found := _FUNCTION.match(name))}


_GIT_RUNS = (
    r"^(core\.(fsmonitor|pager|sshcommand|askpass|hookspath|alternaterefscommand|gitproxy|editor)|pager\..*|alias\..*"
    r"|diff\.external|diff\..*\.(command|textconv)|interactive\.difffilter|gpg\..*program|filter\..*|credential.*"
    r"|merge\..*\.driver|remote\..*\.(uploadpack|vcs)|protocol\..*)$"
)
_GIT_HARMLESS = re.compile(
    r"core\.fsmonitor (false|true)|(pager\.\w+|core\.pager) (false|true|less|cat|more)|alias\.\S+ [^!].*|filter\.\S+\.required .*",
    re.DOTALL,
)
# Git runs this hook where it refreshes its index, as `git status` does.
_GIT_READING_HOOK = "post-index-change"


_MOST_REPOSITORIES = 16  # asked before a run: each costs three git processes


def _git_doubts(surroundings: Surroundings) -> list[str]:
    """What git would run by the configuration and hooks of this repository and of the submodules that it looks into.

    Asking git for them runs nothing. What the user has in the configuration of the user or the system is the user's
    choice.
    """
    waiting = [surroundings.directory]
    for _ in range(_MOST_REPOSITORIES):
        here = replace(surroundings, directory=waiting.pop())
        if found := _repository_doubts(here):
            return found
        # Each line is a mode, an object, a stage and the path; 160000 is a submodule's mode.
        entries = (_git(here, "ls-files", "--stage", "-z", ":/") or "").split("\0")
        folders = [
            here.directory / entry.partition("\t")[2] for entry in entries if entry.startswith("160000 ")
        ]
        waiting += [folder for folder in folders if (folder / ".git").exists()]
        if not waiting:
            return []
    return ["git looks into more submodules than were looked at"]


def _repository_doubts(surroundings: Surroundings) -> list[str]:
    settings = _git(surroundings, "config", "--includes", "--show-scope", "--null", "--get-regexp", _GIT_RUNS)
    hooks = _git(surroundings, "rev-parse", "--git-path", "hooks")
    if settings is None or hooks is None:
        return ["git's configuration could not be read"]
    found = []
    # scope NUL name LF value NUL
    for scope, setting in zip(*[iter(settings.split("\0"))] * 2, strict=False):
        name, _, value = setting.partition("\n")
        if scope in ("local", "worktree", "command") and not _GIT_HARMLESS.fullmatch(f"{name} {value}"):
            found.append(f"git's `{name}` runs a program")
    hook = surroundings.directory / hooks.strip() / _GIT_READING_HOOK
    if hooks.strip() and hook.exists():
        found.append(f"git runs the hook {hook}")
    return found


def _git(surroundings: Surroundings, *arguments: str) -> str | None:
    """What git answers; "" where there is no repository or no git; None if that is not known."""
    program = shutil.which("git", path=surroundings.environment.get("PATH"))
    if program is None:
        return ""
    try:
        asked = subprocess.run(
            [program, *arguments],
            cwd=surroundings.directory,
            env=dict(surroundings.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    # 1: nothing was found; 128: no repository; 129: an old git that does not know an option.
    return os.fsdecode(asked.stdout) if asked.returncode in (0, 1, 128) else None


_SHOWN = 400  # characters of a variable's value


@dataclass(frozen=True, slots=True)
class Ask:
    """What a confirmation shows and binds: exactly this runs, or nothing.

    `variables` are the values of the inputs and expansions as far as they are known; `target` is what it would act
    on, such as a Kubernetes context. Those of `hidden` are bound, and not shown.
    """

    body: str
    interpreter: Interpreter
    directory: Path
    why: str
    lines: tuple[int, ...] = ()  # 0-based, of the body
    variables: Mapping[str, str] = field(default_factory=dict)
    target: str = ""
    hidden: frozenset[str] = frozenset()

    def text(self) -> str:
        """The question for people. Control, invisible and bidirectional characters are written as `\\x1b`, `\\u202e`."""
        marks = dict.fromkeys(self.lines, ">")
        shown = [f"{marks.get(i, ' ')} {escape(line)}" for i, line in enumerate(self.body.split("\n"))]
        facts = [f"with {' '.join(self.interpreter.argv)}", f"in {escape(str(self.directory))}"]
        if self.target:
            facts.append(f"on {escape(self.target)}")
        facts += [
            f"where {name}={self._shown(name, value)}" for name, value in sorted(self.variables.items())
        ]
        why = escape(f"{self.why[:1].upper()}{self.why[1:]}.").replace("\n", "\\n")
        return "\n".join([why, *shown, *facts])

    def _shown(self, name: str, value: str) -> str:
        if name in self.hidden:
            return "(hidden)"
        if len(value) > _SHOWN:
            value = f"{value[: _SHOWN // 2]}…{value[-_SHOWN // 2 :]}"
        return escape(value).replace("\n", "\\n")

    @property
    def digest(self) -> str:
        """SHA-256 over everything that was shown; a different byte, place or program is a different digest."""
        parts = [cell_bytes(self.body), *(argument.encode() for argument in self.interpreter.argv)]
        parts += [os.fsencode(self.directory), self.target.encode()]
        parts += [
            f"{name}={value}".encode("utf-8", "surrogateescape")
            for name, value in sorted(self.variables.items())
        ]
        digest = hashlib.sha256()
        for part in parts:
            digest.update(len(part).to_bytes(8, "big") + part)
        return digest.hexdigest()


def escape(text: str) -> str:
    """`text` with control, escape, carriage return, bidirectional and invisible characters written out."""
    return invisible.escape(text).replace("\r", "\\r")


def assess_cell(body: str, interpreter: Interpreter) -> Assessment:
    """The assessment of a cell: shell text is read; a program in another language is unknown as a whole."""
    if not body.strip():
        return Assessment(Risk.READ_ONLY, ())
    whole = Span.of(0, 0, body.count("\n"), len(body.rpartition("\n")[2]))
    if interpreter.carries in ("bash", "posix"):
        return assess(body)
    if interpreter.carries == "zsh":
        assessment = assess(body)
        if assessment.risk is Risk.READ_ONLY and _ZSH_OWN.search(body):
            finding = Finding(whole, Risk.UNKNOWN, "zsh reads some of these characters in its own way")
            return Assessment(Risk.UNKNOWN, (*assessment.findings, finding))
        return assessment
    finding = Finding(whole, Risk.UNKNOWN, f"a program in {interpreter.word} can do anything")
    return Assessment(Risk.UNKNOWN, (finding,))


# Glob qualifiers (`*(e:'rm x':)`), `=command`, nested expansions: zsh runs code where bash sees none.
_ZSH_OWN = re.compile(r"[(){}\[\]^~=]")


def check_syntax(body: str, interpreter: Interpreter, environment: Mapping[str, str], where: str) -> None:
    """Refuse a shell cell that cannot be parsed. `where` names the cell: `cell deploy (line 14)`.

    Only what our parser and the shell's own `-n` both reject is refused. Raises RunbookError with the place: the
    line is 1-based within the cell.
    """
    from runbook_ls.shell.syntax import parse

    if interpreter.carries not in ("bash", "posix", "zsh"):
        return
    faults = parse(body).faults
    if not faults:
        return
    # BASH_ENV and ENV would run before anything is checked.
    clean = {name: value for name, value in environment.items() if name not in ("BASH_ENV", "ENV", "ZDOTDIR")}
    try:
        checked = subprocess.run(
            [*interpreter.argv, "-n", "/dev/stdin"],
            input=cell_bytes(body),
            env={name: value for name, value in clean.items() if not _FUNCTION.match(name)},
            capture_output=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return
    if checked.returncode:
        place = faults[0].span.start
        at = f"line {place.line + 1}, column {place.column + 1} of the cell"
        raise RunbookError(f"{where} is not valid {interpreter.word}: {faults[0].message} ({at})")
