"""The story that the product is for, in an editor, over stdio: one correction is enough."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from runbook_ls.config import paths
from runbook_ls.memory.journal import Journal

from .clients import CLIENTS
from .editor import Editor, editor

STORY = Path(__file__).parents[2] / "fixtures" / "story"
GUESS = "hydros logs vscode-ext"
RIGHT = (
    """gcloud logging read 'logName="projects/foyle-dev/logs/hydros" jsonPayload.image="vscode-ext"' """
    "--freshness=1d --project=foyle-dev"
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return Path(shutil.copytree(STORY, tmp_path / "runbooks"))


async def run(window: Editor, uri: str, line: int) -> str:
    """Run the cell at `line`; its receipt."""
    answer = await window.act(uri, line, "Run cell")
    return str(answer["receipt"])  # type: ignore[index]


@pytest.mark.parametrize("client", CLIENTS)
async def test_one_correction_is_enough(workspace: Path, client: str) -> None:
    """The same story with each of the field's capability sets."""
    async with editor(workspace, capabilities=CLIENTS[client]()) as window:
        builds = window.open(workspace / "builds.md")
        fence = window.line_of(builds, "```sh")

        # Nothing has been learned yet, and it says so.
        await window.act(builds, fence, "Generate command")
        assert window.messages[-1].startswith("Nothing yet")

        # A guess is typed, and fails.
        window.type_into_cell(builds, fence, GUESS)
        assert await run(window, builds, fence) == "not learned: exit 127"

        # It is corrected, and works.
        window.replace(builds, GUESS, RIGHT)
        assert await run(window, builds, fence) == "learned"
        assert "build of vscode-ext finished" in await window.hover(builds, fence)

        # A multi-line cell keeps its lines.
        notes = window.open(workspace / "notes.md")
        assert await run(window, notes, window.line_of(notes, "```bash")) == "learned"

    async with editor(workspace, capabilities=CLIENTS[client]()) as window:
        incident = window.open(workspace / "incident.md")

        # The next day, another image: right at once.
        caribou = window.line_of(incident, "```sh")
        await window.act(incident, caribou, "Generate command")
        command = window.buffers[incident].split("\n")[caribou + 1]
        assert command == "   " + RIGHT.replace("vscode-ext", "caribou")
        assert await run(window, incident, caribou) == "confirmed"

        # Words that the example cannot place are not passed over in silence.
        otter = window.line_of(incident, "```sh", after=caribou + 2)
        await window.act(incident, otter, "Generate command")
        offered = RIGHT.replace("vscode-ext", "backend/otter")
        assert f"   {offered}" in window.buffers[incident].split("\n")
        assert "3 days" in window.messages[-1]
        window.replace(incident, offered, offered.replace("1d", "3d"))
        assert await run(window, incident, otter) == "learned: 1d → 3d"

        # And that correction is enough, too.
        week = window.line_of(incident, "```sh", after=otter + 2)
        await window.act(incident, week, "Generate command")
        assert f"   {offered.replace('1d', '7d')}" in window.buffers[incident].split("\n")

    with Journal.open(paths.find().journal) as journal:
        rows = sorted(journal.runs(), key=lambda row: row.time)
    assert [(row.intent, row.suggestion, row.executed, row.exit_code, row.edits) for row in rows] == [
        ("Fetch the hydros logs for the image vscode-ext", None, GUESS, 127, 0),
        ("Fetch the hydros logs for the image vscode-ext", None, RIGHT, 0, 0),
        ("Say hello on two lines", None, "echo one\necho two", 0, 0),
        (
            "Show the hydros logs for the image caribou",
            RIGHT.replace("vscode-ext", "caribou"),
            RIGHT.replace("vscode-ext", "caribou"),
            0,
            0,
        ),
        (
            "Hydros logs of the image backend/otter, the last 3 days",
            offered,
            offered.replace("1d", "3d"),
            0,
            1,
        ),
    ]
    assert rows[1].previous == rows[0].id


async def test_completion_offers_the_learned_command(workspace: Path) -> None:
    async with editor(workspace, capabilities="visual_studio_code") as window:
        builds = window.open(workspace / "builds.md")
        fence = window.line_of(builds, "```sh")
        window.type_into_cell(builds, fence, RIGHT)
        assert await run(window, builds, fence) == "learned"

        incident = window.open(workspace / "incident.md")
        caribou = window.line_of(incident, "```sh")
        window.type_into_cell(incident, caribou, "")
        items = await window.complete(incident, caribou + 1, 3)
        assert [item.label for item in items] == [RIGHT.replace("vscode-ext", "caribou")]
        window.accept(incident, items[0])
        assert await run(window, incident, caribou) == "confirmed"


async def test_lenses_say_what_can_be_done(workspace: Path) -> None:
    async with editor(workspace) as window:
        builds = window.open(workspace / "builds.md")
        fence = window.line_of(builds, "```sh")
        assert await window.lenses(builds) == [(fence, "Generate command")]
        window.type_into_cell(builds, fence, "echo hello")
        assert await window.lenses(builds) == [(fence, "Run cell")]


async def test_a_destructive_cell_asks_first(workspace: Path) -> None:
    keep = workspace / "keep"
    keep.mkdir()
    async with editor(workspace) as window:
        builds = window.open(workspace / "builds.md")
        fence = window.line_of(builds, "```sh")
        window.type_into_cell(builds, fence, "rm -rf keep")
        window.answer = None
        answer = await window.act(builds, fence, "Run cell")
        assert answer["exitCode"] is None  # type: ignore[index]
        assert "rm -rf keep" in window.questions[-1].message
        assert keep.is_dir()
        window.answer = "Run"
        await window.act(builds, fence, "Run cell")
        assert not keep.exists()


async def test_what_does_not_parse_is_refused(workspace: Path) -> None:
    async with editor(workspace) as window:
        builds = window.open(workspace / "builds.md")
        fence = window.line_of(builds, "```sh")
        window.type_into_cell(builds, fence, "echo 'no end")
        with pytest.raises(Exception, match="is not valid bash"):
            await window.act(builds, fence, "Run cell")
