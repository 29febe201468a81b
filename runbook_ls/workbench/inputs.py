"""The values that a cell asks for: which there are, which are still wanted, and where each comes from.

The order: what was given for it (`--var`, `vars`, an answer); the environment, `.env` and earlier cells included; its
default. Answers are kept for the session in memory, and secret ones are written nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.execute import inputs
from runbook_ls.execute.inputs import Input
from runbook_ls.execute.state import State
from runbook_ls.values import RunbookError
from runbook_ls.workbench import environment
from runbook_ls.workbench.cells import exports_inputs, written
from runbook_ls.workbench.session import Answer, Session


@dataclass(frozen=True, slots=True)
class Resolved:
    """The inputs of a cell: values and sources by name, what has none, and the script that takes them.

    `written` is that script as the journal keeps it: what stands for a value still does, and a value that was given in
    place of a default stands where the default did, unless it is secret.
    """

    script: str
    written: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    sources: Mapping[str, str] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
    missing: tuple[Input, ...] = ()
    could_ask: tuple[Input, ...] = ()  # those with a default that nobody has confirmed yet


def wanted(session: Session, file: str, runbook: Runbook, cell: Cell) -> tuple[Input, ...]:
    """What to ask before `cell` runs, each once in a session: what has no value yet, and defaults to be confirmed.

    Nothing where the front matter has `skipPrompts: true`. Raises RunbookError if the inputs cannot be read.
    """
    if _front_matter(runbook).get("skipPrompts") is True:
        return ()
    found = resolve(session, file, runbook, cell)
    return (*found.missing, *found.could_ask)


def give(
    session: Session, file: str, values: Mapping[str, str], source: str, *, secret: bool = False
) -> None:
    """Take values for inputs of `file`, or for any variable of its cells. The next cell has them exported."""
    answers = session.answers.setdefault(file, {})
    answers |= {name: Answer(value, source, secret) for name, value in values.items()}
    if file in session.states:
        session.states[file] = session.states[file].with_variables(values)


def check(wanted: Input, value: str) -> None:
    """Raises RunbookError if an input may not have this value."""
    if wanted.choices and value not in wanted.choices:
        raise RunbookError(f"{wanted.name} must be one of {', '.join(wanted.choices)}, not {value!r}.")
    if "\0" in value:
        raise RunbookError(f"{wanted.name} cannot hold a NUL character.")


def resolve(session: Session, file: str, runbook: Runbook, cell: Cell) -> Resolved:
    """The values of the runbook's inputs and of the cell's exports as they are now.

    Raises RunbookError if the inputs cannot be read, or one has a value that is none of its choices.
    """
    state = session.states.get(file)
    base = environment.of_file(session, file) if state is None else None
    answers = session.answers.get(file, {})
    found = _Finding(answers, state, base)
    for one in inputs.declared(_front_matter(runbook).get("inputs"), file):
        found.add(one, from_environment=True)
    script = cell.script
    kept = written(cell)
    exported: set[str] = set()
    replaced: dict[str, str] = {}
    if exports_inputs(cell):
        mode = cell.attributes.get("promptEnv", "auto")
        for one in inputs.exported(script, mode):
            if one.asks or one.name in answers:
                asked = one.name not in answers and one.asks and one.default is None
                found.add(one, from_environment=asked)
                exported.add(one.name)
                if one.default is not None and found.values.get(one.name, one.default) != one.default:
                    replaced[one.name] = found.values[one.name]
        script = inputs.without_values(script, exported & found.values.keys())
    secrets = frozenset(found.secrets | {name for name, answer in answers.items() if answer.secret})
    if replaced:
        kept = inputs.without_values(kept, secrets & replaced.keys())
        kept = inputs.with_values(kept, {n: v for n, v in replaced.items() if n not in secrets})
    return Resolved(
        script, kept, found.values, found.sources, secrets, tuple(found.missing), tuple(found.could_ask)
    )


class _Finding:
    """The values found so far."""

    def __init__(
        self, answers: Mapping[str, Answer], state: State | None, base: environment.Environment | None
    ) -> None:
        self.answers = answers
        self.state = state
        self.base = base
        self.values: dict[str, str] = {}
        self.sources: dict[str, str] = {}
        self.secrets: set[str] = set()
        self.missing: list[Input] = []
        self.could_ask: list[Input] = []

    def add(self, one: Input, *, from_environment: bool) -> None:
        if one.name in self.values:
            return
        if one.secret:
            self.secrets.add(one.name)
        known = self._known(one.name) if from_environment else None
        if known is not None and self.state is not None:
            value, source = known  # an answer is in the state already, where no cell has changed it since
        elif one.name in self.answers:
            answer = self.answers[one.name]
            value, source = answer.value, answer.source
        elif known is not None:
            value, source = known
        elif one.default is not None:
            value, source = one.default, "its default"
            if one.asks:
                self.could_ask.append(one)
        else:
            self.missing.append(one)
            return
        check(one, value)
        self.values[one.name] = value
        self.sources[one.name] = source

    def _known(self, name: str) -> tuple[str, str] | None:
        if self.state is not None:
            value = self.state.environment.get(name)
            return None if value is None else (value, "the environment or an earlier cell")
        assert self.base is not None
        value = self.base.variables.get(name)
        return None if value is None else (value, self.base.sources.get(name, "the environment"))


def _front_matter(runbook: Runbook) -> Mapping[str, object]:
    return runbook.front_matter.data if runbook.front_matter else {}
