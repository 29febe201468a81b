"""Cells with `background=true` keep nobody waiting, and end when they are cancelled."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from pygls.exceptions import JsonRpcException

from .editor import editor
from .test_commands import command, write

RUNBOOK = """\
Serve

```sh {background=true}
echo $$ > pid; exec sleep 600
```

Use it

```sh
read -r server < pid && kill -0 "$server" && echo up
```
"""


async def test_other_cells_run_beside_it_and_cancel_ends_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pid")
    async with editor(tmp_path) as window:
        window.answer = "Run"
        uri = window.open(write(tmp_path, RUNBOOK))
        began = await command(window, "runCell", {"uri": uri, "line": 3})
        assert (began["exitCode"], "background" in began["receipt"]) == (0, True)
        assert (await command(window, "runCell", {"uri": uri, "line": 9}))["exitCode"] == 0
        assert (await command(window, "showOutput", {"uri": uri, "line": 9}))["text"] == "up\n"
        assert dict(await window.lenses(uri))[2] == "Cancel"
        with pytest.raises(JsonRpcException, match="goes on in the background"):
            await command(window, "runCell", {"uri": uri, "line": 3})
        said = len(window.messages)
        # The cell moves along, and is cancelled where it stands.
        window.replace(uri, "Serve\n", "Serve it\n\nfor all\n")
        assert await command(window, "cancel", {"uri": uri, "line": 5}) == {"cancelled": ["echo"]}
        # Nothing is said of the shell state, since a background cell hands none on.
        await window.until(uri, lambda: len(window.messages) > said)
        message = window.messages[said]
        assert re.fullmatch(r"echo: cancelled in \d+ ms; not learned: it did not finish", message)
        assert (4, "Run cell") in await window.lenses(uri)
