"""Every command of fixtures/risk/ has the class that stands before it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.shell.risk import Risk, assess

FIXTURES = Path(__file__).parents[2] / "fixtures" / "risk"
CLASSES = {risk.word: risk for risk in Risk}


def cases() -> Iterator[tuple[str, str, str]]:
    """(place, class, command) of every case."""
    for path in sorted(FIXTURES.glob("*.txt")):
        found: list[tuple[str, str, list[str]]] = []
        # Only \n ends a line here: a case may hold a carriage return.
        for number, line in enumerate(path.read_bytes().decode().split("\n"), 1):
            if line.startswith("|"):
                found[-1][2].append(line[2:] if line.startswith("| ") else line[1:])
            elif line.strip() and not line.startswith("#"):
                word, _, command = line.partition(" ")
                found.append((f"{path.name}:{number}", word, [command.strip(" ")]))
        yield from ((place, word, "\n".join(lines)) for place, word, lines in found)


CASES = list(cases())


@pytest.mark.parametrize(("word", "command"), [pytest.param(w, c, id=p) for p, w, c in CASES])
def test_class_of_a_command(word: str, command: str):
    assessment = assess(command)

    assert assessment.risk.word == word, [finding.reason for finding in assessment.findings]


def test_there_are_enough_cases():
    assert len(CASES) >= 250
    assert {word for _, word, _ in CASES} == set(CLASSES)
    assert len({command for _, _, command in CASES}) == len(CASES)


def test_an_empty_text_is_read_only():
    assert assess("").risk is Risk.READ_ONLY
    assert assess("\n  \n").findings == ()


def test_findings_point_at_their_commands():
    findings = assess("ls\nkubectl get ns && rm -rf x\n").findings

    assert [(f.span.start.line, f.span.start.column, f.risk.word) for f in findings] == [
        (0, 0, "read-only"),
        (1, 0, "read-only"),
        (1, 18, "destructive"),
    ]
    assert findings[2].reason == "`rm` removes files"


def test_programs_are_what_the_environment_must_confirm():
    assert assess("ls | grep x && bash -c 'git status' && rm y").programs == {"ls", "grep", "bash", "git"}


@pytest.mark.parametrize(
    ("name", "is_telling"),
    [
        *(
            (name, True)
            for name in ("PATH", "PS4", "LD_PRELOAD", "GIT_DIR", "BASH", "MY_PAGER", "AWS_CONFIG_FILE")
        ),
        *(
            (name, True)
            for name in ("X_OPTS", "https_proxy", "NO_PROXY", "SUDO_ASKPASS", "HISTFILE", "VAULT_TOKEN")
        ),
        *(
            (name, False)
            for name in ("PATHS", "MY_PATH", "PSX", "AWS_PROFILE", "AWS_REGION", "VAULT_ADDR", "PROXY")
        ),
    ],
)
def test_which_variables_decide_what_runs(name: str, is_telling: bool):
    assert (assess(f"{name}=1").risk is Risk.UNKNOWN) == is_telling


@pytest.mark.parametrize(
    "text", ["exec " * 3000 + "rm x", "kubectl exec " * 500 + "rm", "(" * 3000, "$(" * 3000]
)
def test_deep_nesting_is_no_trouble(text: str):
    assert assess(text).risk > Risk.READ_ONLY


READ_ONLY = [
    command
    for _, word, command in CASES
    if word == "read-only" and "\n" not in command and "#" not in command
]
DESTRUCTIVE = [
    command
    for _, word, command in CASES
    if word == "destructive" and "\n" not in command and '"unclosed' not in command and "()" not in command
]
ROUND = [
    "{}",
    "{} && ls",
    "ls | wc; {}",
    "( {} )",
    "if true; then {}; fi",
    "for i in a b; do {}; done",
    "x=$( {} )",
    "! {}",
]


@given(st.sampled_from(DESTRUCTIVE), st.sampled_from(ROUND), st.sampled_from(ROUND))
def test_what_destroys_is_seen_wherever_it_stands(command: str, inner: str, outer: str):
    assert assess(outer.format(inner.format(command))).risk is Risk.DESTRUCTIVE


@given(
    st.sampled_from(READ_ONLY),
    st.sampled_from(DESTRUCTIVE),
    st.sampled_from(["; ", " && ", " || ", " | ", "\n"]),
)
def test_what_reads_does_not_hide_what_destroys(reading: str, destroying: str, between: str):
    assert assess(reading + between + destroying).risk is Risk.DESTRUCTIVE


@given(st.text(max_size=80))
def test_any_text_gets_a_verdict(text: str):
    assessment = assess(text)

    assert assessment.risk is max((f.risk for f in assessment.findings), default=Risk.READ_ONLY)


def test_a_pipeline_without_end_is_read_like_a_short_one() -> None:
    assert assess("echo 'rm -rf /' | cat | cat | sh").risk is Risk.DESTRUCTIVE
    assert assess("echo x" + " | cat" * 3000 + " | sh").risk is Risk.UNKNOWN


@pytest.mark.parametrize("arguments", ["-c x ", "x chmod 777 ", "--mode=1 a "])
def test_thousands_of_arguments_are_read_once(arguments: str):
    """Each asked for the options among all of them, a command of 24 KB would take 20 s."""
    assert assess(f"install {arguments * 4_000}").risk is Risk.CHANGING
    assert assess(f"chmod {arguments * 4_000} -R /").risk is Risk.DESTRUCTIVE


def test_a_sed_script_of_many_brackets_takes_no_time():
    assert assess("sed 's/" + "[^a]" * 5000 + "' f").risk is Risk.UNKNOWN
