"""Values that a cell wants are asked for in the editor, where it can."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from .editor import editor
from .test_commands import command, write

RUNBOOK = """\
---
inputs:
  - name: REGION
    prompt: Which region?
    choices: [eu, us]
  - name: SECRET_WORD
    secret: true
---

Say where

```sh
echo "in $REGION"
```
"""
ASKED = types.ClientCapabilities(experimental={"runbook": {"input": True}})


async def test_each_value_is_asked_for_once(tmp_path: Path) -> None:
    async with editor(tmp_path, capabilities=ASKED) as window:
        questions: list[dict[str, Any]] = []

        @window.client.feature("runbook/input")
        def answer(params: Any) -> str:
            questions.append(
                {name: getattr(params, name, None) for name in ("name", "prompt", "choices", "secret")}
            )
            return {"REGION": "eu", "SECRET_WORD": "hush-hush-hush"}[params.name]

        uri = window.open(write(tmp_path, RUNBOOK))
        for _ in range(2):
            assert (await command(window, "runCell", {"uri": uri, "line": 11}))["exitCode"] == 0
        assert (await command(window, "showOutput", {"uri": uri, "line": 11}))["text"] == "in eu\n"
        assert [(q["name"], q["choices"], q["secret"]) for q in questions] == [
            ("REGION", ["eu", "us"], False), ("SECRET_WORD", None, True),
        ]  # fmt: skip
        assert questions[0]["prompt"] == "Which region?"


async def test_no_answer_means_no_run_and_a_wrong_one_is_named(tmp_path: Path) -> None:
    async with editor(tmp_path, capabilities=ASKED) as window:
        given: list[str | None] = [None, "asia"]
        window.client.feature("runbook/input")(lambda params: given.pop(0))
        uri = window.open(write(tmp_path, RUNBOOK))
        ran = await command(window, "runCell", {"uri": uri, "line": 11})
        assert ran == {"exitCode": None, "receipt": "not run: a value that it needs was not given"}
        with pytest.raises(JsonRpcException, match="REGION must be one of eu, us"):
            await command(window, "runCell", {"uri": uri, "line": 11})


async def test_others_give_values_with_the_command(tmp_path: Path) -> None:
    async with editor(tmp_path) as window:
        uri = window.open(write(tmp_path, RUNBOOK))
        with pytest.raises(JsonRpcException, match="REGION"):
            await command(window, "runCell", {"uri": uri, "line": 11})
        values = {"REGION": "us", "SECRET_WORD": "x"}
        assert (await command(window, "runCell", {"uri": uri, "line": 11, "vars": values}))["exitCode"] == 0
