"""What a runbook asks for, in its front matter and in its cells."""

from __future__ import annotations

import pytest

from runbook_ls.execute.inputs import Input, declared, exported, quoted, with_values, without_values
from runbook_ls.values import RunbookError


def test_inputs_of_the_front_matter():
    given = [
        {"name": "REGION", "prompt": "Which region?", "default": "eu", "choices": ["eu", "us"]},
        {"name": "COUNT", "default": 3},
        {"name": "DRY", "default": True},
        {"name": "API_TOKEN"},
        {"name": "PIN", "secret": True},
        "HOST",
    ]
    assert declared(given, "a.md") == (
        Input("REGION", "Which region?", "eu", ("eu", "us")),
        Input("COUNT", "COUNT", "3"),
        Input("DRY", "DRY", "true"),
        Input("API_TOKEN", "API_TOKEN", secret=True),
        Input("PIN", "PIN", secret=True),
        Input("HOST", "HOST"),
    )
    assert declared({"A": 1, "B": {"prompt": "b?"}}, "a.md") == (Input("A", "A", "1"), Input("B", "b?"))
    assert declared(None, "a.md") == ()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("REGION", "must be a list"),
        ([{"prompt": "x"}], "no usable name"),
        ([{"name": "a-b"}], "no usable name"),
        ([{"name": "A", "defualt": 1}], "unknown key 'defualt'"),
        ([{"name": "A", "choices": "x"}], "must be a list"),
        ([[1]], "no usable name"),
        ([{"name": "LD_PRELOAD", "default": "./x.so"}], "may not be called LD_PRELOAD"),
    ],
)
def test_inputs_that_cannot_be_read(given: object, sentence: str):
    with pytest.raises(RunbookError, match=sentence):
        declared(given, "a.md")


@pytest.mark.parametrize(
    ("line", "asks", "prompt", "default"),
    [
        ("export X=<your region>", True, "X (your region)", None),
        ("export X=[Enter a name]", True, "X (Enter a name)", None),
        ("export X=YOUR_PROJECT", True, "X (YOUR_PROJECT)", None),
        ("export X='your name'", True, "X (your name)", None),
        ("export X=placeholder", True, "X (placeholder)", None),
        ("export X=...", True, "X (...)", None),
        ("export X=", True, "X", ""),
        ("export X=eu-west-1  # the region", False, "X", "eu-west-1"),
        ('  export X="two words";', False, "X", "two words"),
    ],
)
def test_exports_that_ask(line: str, asks: bool, prompt: str, default: str | None):
    assert exported(f"true\n{line}\ntrue") == (Input("X", prompt, default, asks=asks),)
    assert exported(line, "no")[0].asks is False
    assert exported(line, "yes")[0].asks is True


@pytest.mark.parametrize(
    "script",
    [
        "export X=$HOME", "export X=$(date)", 'export X="$Y"', "export X=1 Y=2", "export X=1; rm Y", "X=1",
        "cat <<E\nexport X=<y>\nE", "f() {\nexport X=<y>\n}", "if true; then\nexport X=<y>\nfi", "echo '\nexport X=<y>\n'",
    ],
)  # fmt: skip
def test_exports_that_are_no_inputs(script: str):
    assert exported(script) == ()
    assert without_values(script, {"X"}) == script


def test_values_come_by_the_environment_and_lines_stay():
    script = "export A=<region> # why\nexport B=x\n export C='y z';\necho $A"

    assert without_values(script, {"A", "C"}) == "export A # why\nexport B=x\n export C;\necho $A"


def test_what_is_kept_of_an_input_is_what_is_written_or_was_given():
    script = 'export A=<region> # why\nexport B=x\nexport C=<$(rm)>\nexport D=<"d">'

    assert with_values(script, {"B": "y z"}) == script.replace("=x", "='y z'")
    assert quoted(script) == script.replace("<region>", '"<region>"')
    assert quoted(quoted(script)) == quoted(script)
    assert exported(quoted(script)) == exported(script)


def test_secrets_are_told_by_their_name():
    names = [
        one.name
        for one in exported(
            "\n".join(f"export {n}=<x>" for n in ("DB_PASSWORD", "PASSAGE", "apiKey", "KEYBOARD"))
        )
        if one.secret
    ]

    assert names == ["DB_PASSWORD", "apiKey"]
