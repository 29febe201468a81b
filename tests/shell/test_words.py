"""The words of a command and the parts they play."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.shell.words import Role, split


def roles(command: str) -> list[tuple[str, str]]:
    """(word, role) of every word that is no operator."""
    return [(word.text, word.role.value) for word in split(command) if word.role is not Role.OPERATOR]


def values(command: str) -> list[str]:
    """What may differ between two uses of the command."""
    return [command[word.varies : word.end] for word in split(command) if word.varies < word.end]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("kubectl get pods -n shop", ["pods", "shop"]),
        ("gcloud compute instances list --zones=us-central1-a", ["list", "us-central1-a"]),
        ("git ls-tree main", ["main"]),
        ("cat notes.txt | wc -l", ["notes.txt"]),
        ("find . -name '*.c' -mtime +14 -exec rm {} \\;", [".", "'*.c'", "14"]),
        ("tail -20 app.log", ["20", "app.log"]),
        ("head -n5 app.log", ["5", "app.log"]),
        ("TF_WORKSPACE=staging terraform plan -out=staging.tfplan", ["staging", "staging.tfplan"]),
        ("sudo -u postgres psql orders", ["postgres", "orders"]),
        ("timeout 5m make all", ["5m", "all"]),
        ("cd $(which python | xargs dirname)", ["python"]),
        ("sort a > b 2>&1", ["a", "b"]),
    ],
)
def test_what_may_vary(command: str, expected: list[str]) -> None:
    assert values(command) == expected


def test_roles() -> None:
    assert roles("if true; then FOO=1 docker logs --tail 20 web # soon\nfi") == [
        ("if", "keyword"),
        ("true", "program"),
        ("then", "keyword"),
        ("FOO=1", "assignment"),
        ("docker", "program"),
        ("logs", "subcommand"),
        ("--tail", "flag"),
        ("20", "flag value"),
        ("web", "argument"),
        ("# soon", "comment"),
        ("fi", "keyword"),
    ]


def test_a_flag_value_knows_its_flag() -> None:
    flags = {word.text: word.flag for word in split("kubectl logs web --since=2h -n shop")}
    assert flags["shop"] == "-n"
    assert flags["--since=2h"] == "--since"


def test_the_outer_command_goes_on_after_a_substitution() -> None:
    assert ("file.txt", "argument") in roles("cat $(find . -name x) file.txt")


def test_a_heredoc_is_one_value_and_its_delimiter_is_not() -> None:
    command = "cat <<'EOF' > out\nfirst\nsecond\nEOF\nls"
    assert [(w.text, w.role) for w in split(command) if w.role is Role.HEREDOC] == [
        ("first\nsecond\n", Role.HEREDOC)
    ]
    assert roles(command)[-1] == ("ls", "program")


def test_a_line_break_is_a_word_and_a_continuation_is_not() -> None:
    assert [word.text for word in split("a b \\\n  c\nd")] == ["a", "b", "c", "\n", "d"]


@given(st.text(st.sampled_from("ab -=/.'\"`$(){}<>|;&\\\n#*E0129é"), max_size=80))
def test_total_and_lossless(command: str) -> None:
    at = 0
    for word in split(command):
        assert word.text == command[word.start : word.end]
        assert word.start <= word.varies <= word.end
        between = command[at : word.start]
        assert between.replace("\\\n", "").strip(" \t\r\f\v") == ""
        at = word.end
    assert command[at:].replace("\\\n", "").strip(" \t\r\f\v") == ""
