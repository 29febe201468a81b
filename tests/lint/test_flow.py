"""What is told of variables at a glance is what a reading of every cell says."""

from __future__ import annotations

import re
from collections import Counter

from hypothesis import example, given
from hypothesis import strategies as st

from runbook_ls.document import parse
from runbook_ls.document.blocks import Prose, Title
from runbook_ls.document.pages import all_chunks
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.lint.announced import announced
from runbook_ls.lint.commands import Commands, commands_of, commands_to_run
from runbook_ls.lint.engine import LintSettings, check
from runbook_ls.lint.flow import is_of_environment
from runbook_ls.lint.variables import glance, may_name, may_set_unnamed, variables_of
from runbook_ls.values import Position
from tests.document.texts import examples

_PIECES = st.sampled_from(
    (
        *(
            "A=1",
            "B=2",
            "AB='x y'",
            'C="$A"',
            "A+=1",
            "A[0]=1",
            "A=(",
            "export A=1",
            "export B",
            'export "A"=1',
        ),
        *(
            'export A"B"=1',
            "read A",
            "read -r -p 'A B' C",
            "for A in",
            "; do",
            "; done",
            "if",
            "; then",
            "; fi",
        ),
        *(
            "((A=1))",
            "$((B++))",
            "let A=1",
            "printf -v A x",
            "source f",
            ". f",
            "eval x",
            "'eval' x",
            "\\. f",
            "export $(f)",
            "builtin read A",
            "declare -n C=B",
            "exec {A}>f",
            "wait -p A",
            '[ -z "$A" ]',
            "[[ -n ${B} && -v C ]]",
            "test -n $B",
            "time A=1",
        ),
        *(
            "$A",
            "${A}",
            "${B:-x}",
            "${C:=x}",
            "${A:?}",
            "${B?x}",
            "${!A@}",
            "${A[0]:-x}",
            "$AB",
            '"$A',
            "'$B",
            "\\$A",
            "${A",
            "$(",
            ")",
            "`",
            "(",
            "{ ",
            "; }",
        ),
        *(
            "ls -l A=1",
            "-e B=2",
            "> f A=1",
            "unset A",
            "<<E",
            "<<'E'",
            "\nE\n",
            "# $A",
            "#",
            '"',
            "'",
            "\\\n",
            "\\",
        ),
        *(
            "\n",
            "\n",
            "\n",
            "\n  ",
            " ",
            " ",
            ";",
            " && ",
            " | ",
            "&",
            "f() {",
            "<A>",
            "<a #b>",
            "é",
            "é=1",
            "=",
            "$",
        ),
    )
)
_BODIES = st.lists(_PIECES, max_size=12).map("".join)
_NAMES = ("A", "B", "AB", "C")


def _commands(body: str) -> Commands:
    commands = commands_of("sh", body)
    assert commands is not None
    return commands


@examples(600)
@given(_BODIES)
@example("((A=1A=1")
def test_a_glance_promises_nothing_that_is_not_so(body: str) -> None:
    commands = _commands(body)
    seen, found = glance(commands), variables_of(commands)
    assert seen.reads == tuple((one.name, one.start) for one in found.readings)
    assert {one.name for one in found.settings if one.plain} <= seen.assigned
    for name, offset in seen.sets.items():
        assert any(one.name == name and one.start <= offset and not one.checked for one in found.settings)


@examples(600)
@given(_BODIES)
@example("A=1${A. f")
def test_what_is_set_is_named(body: str) -> None:
    commands = _commands(body)
    found = variables_of(commands)
    if not may_set_unnamed(commands):
        assert found.opaque_from is None
        assert all(may_name(commands.meant, one.name) for one in found.settings if one.name in _NAMES)


_CELLS = st.lists(
    st.tuples(st.sampled_from(("", "", "Set B and AB.\n", "A\n")), _BODIES), min_size=1, max_size=4
)


@examples(400)
@given(_CELLS)
def test_the_rules_say_what_a_reading_of_all_cells_says(cells: list[tuple[str, str]]) -> None:
    text = "".join(f"{prose}\n```sh\n{body}\n```\n\n" for prose, body in cells)
    runbook = parse(text)
    found = check(runbook, settings=LintSettings(select=("RB201", "RB202", "RB203")))
    told = [(p.code, p.span.start, p.message.split(" is ")[0]) for p in found if p.span]
    assert sorted(told) == sorted(_read_all(runbook))


_END = Position(1 << 30, 0)


def _read_all(runbook: Runbook) -> list[tuple[str, Position, str]]:
    """The code, place and beginning of the message of all that is to be told, from every fact of every cell."""
    cells = [(cell, commands) for cell in runbook.cells if (commands := commands_to_run(cell))]
    first_set: dict[str, Position] = {}
    first_checked: dict[str, Position] = {}
    plain: Counter[str] = Counter()
    first_plain: dict[str, Position] = {}
    used: set[str] = set()
    reads: list[tuple[Position, str]] = []
    opaque: list[Position] = []
    for cell, commands in cells:
        found = variables_of(commands)
        for one in found.settings:
            at = _place(cell, commands, one.start)
            first = first_checked if one.checked else first_set
            first[one.name] = min(first.get(one.name, at), at)
            if one.plain:
                plain[one.name] += 1
                first_plain.setdefault(one.name, at)
            else:
                used.add(one.name)
        for one in found.readings:
            used.add(one.name)
            if not one.deferred and not found.unsure:
                reads.append((_place(cell, commands, one.start), one.name))
        if found.opaque_from is not None:
            opaque.append(_place(cell, commands, found.opaque_from))
    mentioned = announced(runbook, {name for _, name in reads} | first_plain.keys())
    told: dict[str, tuple[str, Position, str]] = {}
    for at, name in sorted(reads):
        unmet = not any(first.get(name, _END) <= at for first in (first_set, first_checked))
        if unmet and not any(known <= at for known in opaque) and not is_of_environment(name):
            if name in told or name in mentioned:
                continue
            said = (
                name
                if name in first_set
                else f"Nothing above sets {name}: no cell, no front matter and no sentence."
            )
            told[name] = ("RB202" if name in first_set else "RB201", at, said)
    words = Counter(word for _, commands in cells for word in re.findall(r"[A-Za-z_]\w*", commands.meant))
    idle = [
        ("RB203", at, name)
        for name, at in first_plain.items()
        if not opaque and name not in used | mentioned and not is_of_environment(name) and name[0] != "_"
        if words[name] == plain[name]
    ]
    return [*told.values(), *idle]


def _place(cell: Cell, commands: Commands, offset: int) -> Position:
    return commands.place(cell, offset, offset).start


def test_no_text_makes_a_glance_slow() -> None:
    for part in (
        "(a[",
        " a[",
        " \n",
        "<a",
        "a'",
        "\\",
        "$a",
        "export ",
        "a=",
        "\ta",
        ". ",
        "a\\\n",
        "<\n",
        "${a",
        "{",
        "[",
        "[ -z ",
        "export ",
        "export -a ",
    ):
        commands = _commands(f"=$A. {part * 20_000}")
        glance(commands)
        may_set_unnamed(commands)
        may_name(commands.meant, "a")


@examples(200)
@given(st.text(alphabet="aB1_ \n-é", max_size=30), st.sampled_from(("a", "aB", "_1", "B1a", "é", "aa")))
def test_a_word_of_the_prose_announces_a_variable(text: str, name: str) -> None:
    runbook = parse(f"x{text}\n")
    words = re.findall(
        r"[A-Za-z_]\w+",
        "\n".join(
            b.markdown for c in all_chunks(runbook.pages) for b in c.blocks if isinstance(b, (Prose, Title))
        ),
    )
    assert announced(runbook, [name]) == ({name} & set(words))
    many = [f"V{number}" for number in range(60)]
    assert announced(runbook, [name, *many]) == ({name} & set(words))


def test_many_names_are_looked_for_at_once() -> None:
    count = 9_000
    cells = "".join(f"```sh\nA=1 ls $V{number}\n```\n" for number in range(0, count, 3))
    prose = " ".join(f"V{number}" for number in range(0, count, 2))
    found = check(parse(f"{prose}\n\n{cells}"), settings=LintSettings(select=("RB201",)))
    assert len(found) == count // 6
