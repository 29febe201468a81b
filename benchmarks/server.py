"""The server beside an empty pygls server and other language servers, against its budgets.

    python benchmarks/server.py [--json FILE] [--quick] [--peer NAME=COMMAND]...

Times are of this machine, whose load is printed: trust the ratios. Peers are started by the command given, such as
`--peer "jedi=jedi-language-server"`, in turns with ours.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shlex
import statistics
import sys
import tempfile
import time
from pathlib import Path

from client import OURS, Client, percentile

from runbook_ls.memory.journal import Journal
from runbook_ls.memory.records import Lesson

EMPTY = (
    sys.executable,
    "-c",
    "from pygls.lsp.server import LanguageServer; LanguageServer('empty', '1').start_io()",
)
SECTION = """\
## Restart service {n}

It keeps *state* in `/var/lib/s{n}`; look first:

1. What is running:

   ```sh {{name=look-{n}}}
   kubectl -n prod get pods -l app=s{n}
   ```

2. Restart it

   ```sh
   kubectl -n prod rollout restart deploy/s{n}
   ```

"""
FINDING = "Bad {n}\n\n```sh\nkubectl -n <namespace> get pods\n```\n\n"


def runbook(lines: int, findings: int = 100) -> str:
    """A runbook of about so many lines with so many findings."""
    bad = "".join(FINDING.format(n=n) for n in range(findings))
    rest = max(0, lines - bad.count("\n"))
    return "# Operations\n\n" + "".join(SECTION.format(n=n) for n in range(rest // SECTION.count("\n"))) + bad


def starts(peers: dict[str, tuple[str, ...]], times: int, folder: Path) -> dict[str, dict[str, float]]:
    """Milliseconds to `initialize`, and resident MB after it, of each server, measured in turns."""
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in peers}
    for _ in range(times):
        for name, command in peers.items():
            client = Client(command)
            try:
                took = client.initialize(folder)
                client.open((folder / "a.md").as_uri(), "# A\n\nShow\n\n```sh\nls\n```\n")
                time.sleep(0.5)
                measured[name].append((took, client.memory()))
            except AssertionError as error:
                print(f"{name}: {error}", file=sys.stderr)
            finally:
                client.process.kill()
                client.process.wait()
    return {
        name: {"ms": statistics.median(t for t, _ in all_), "mb": statistics.median(m for _, m in all_)}
        for name, all_ in measured.items()
        if all_
    }


def keystrokes(lines: int, count: int, folder: Path) -> dict[str, float]:
    """Milliseconds from sending didChange to the last byte of its diagnostics: letters, fences and lists mixed."""
    chance = random.Random(3)
    client = Client()
    client.initialize(folder)
    uri = (folder / "typed.md").as_uri()
    text = runbook(lines)
    client.open(uri, text)
    client.until_published(uri, 1)
    total, version, times = text.count("\n"), 1, []
    while len(times) < count:
        line = chance.randrange(total)
        for new in chance.choice((("a",), ("\n", "- ", "b"), ("\n", "`", "`", "`", "s", "h", "\n", "```\n"))):
            version += 1
            times.append(client.change(uri, version, line, 0, (line, 0), new))
        line = chance.randrange(total)
        version += 1
        times.append(client.change(uri, version, line, 0, (line, 1), ""))
    client.close()
    return {"p50": percentile(times, 0.5), "p95": percentile(times, 0.95), "max": max(times)}


def under_load(examples: int, folder: Path) -> dict[str, float]:
    """Hover, cancellation and typing while 40 suggestions are asked for and the memory is being filled."""
    home = Path(tempfile.mkdtemp(prefix="runbook-ls-bench-"))
    with Journal.open(home / "data" / "journal.sqlite3") as journal, journal.writing() as writing:
        for n in range(examples):
            writing.teach(Lesson(f"Show the logs of service s{n} in zone {n % 97}", f"logs --service s{n} --zone {n % 97}", source="taught"))  # fmt: skip
    client = Client(home=home)
    client.initialize(folder)
    before = client.memory()
    uri, typed = (folder / "load.md").as_uri(), (folder / "typed.md").as_uri()
    text = "# Load\n\n" + "".join(
        f"Show the logs of service s{n} in zone 5\n\n```sh\n\n```\n\n" for n in range(40)
    )
    client.open(uri, text)
    client.open(typed, runbook(1_000))
    client.until_published(typed, 1)
    asked = [
        client.ask("textDocument/completion", {"textDocument": {"uri": uri}, "position": {"line": 5 + 6 * n, "character": 0}})
        for n in range(40)
    ]  # fmt: skip
    hovers, keys, cancels = [], [], []
    place = {"textDocument": {"uri": typed}, "position": {"line": 10, "character": 4}}
    for n in range(60):
        hovers.append(client.timed("textDocument/hover", place))
        keys.append(client.change(typed, n + 2, 3, 0, (3, 0), "a"))
        if n % 4 == 0:
            begun = time.perf_counter()
            number = asked[-1 - n // 4]
            client.tell("$/cancelRequest", {"id": number})
            cancels.append((client.answer(number)[0] - begun) * 1000)
    left = [number for number in asked if number in client.answers or number < asked[-15]]
    for number in left:
        client.answer(number)
    place = {"textDocument": {"uri": uri}, "position": {"line": 5, "character": 0}}
    begun = time.perf_counter()
    answered = client.answer(client.ask("textDocument/completion", place))[1]
    warm = [client.timed("textDocument/completion", place) for _ in range(20)]
    found = bool(answered["result"]["items"])
    after = client.memory()
    client.close()
    return {
        "hover_p95": percentile(hovers, 0.95),
        "cancel_p95": percentile(cancels, 0.95),
        "key_p95": percentile(keys, 0.95),
        "completion_p95": percentile(warm, 0.95),
        "mb_before": before,
        "mb_after": after,
        "found": float(found),
        "seconds": time.perf_counter() - begun,
    }


def windows(count: int, folder: Path) -> float:
    """Resident MB of so many idle servers, each with a runbook open."""
    clients = [Client() for _ in range(count)]
    for client in clients:
        client.initialize(folder)
        client.open((folder / "a.md").as_uri(), runbook(1_000))
        client.until_published((folder / "a.md").as_uri(), 1)
    time.sleep(1)
    total = sum(client.memory() for client in clients)
    for client in clients:
        client.close()
    return total


def main() -> None:
    """Run everything and print the table."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--json", type=Path)
    options.add_argument("--quick", action="store_true", help="fewer repetitions and examples")
    options.add_argument("--peer", action="append", default=[], metavar="NAME=COMMAND")
    arguments = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="runbook-ls-folder-"))
    peers: dict[str, tuple[str, ...]] = {"runbook-ls": OURS, "empty pygls": EMPTY}
    peers |= {
        name: tuple(shlex.split(command)) for name, _, command in (p.partition("=") for p in arguments.peer)
    }
    rounds, count, examples = (3, 200, 1_000) if arguments.quick else (7, 1_000, 10_000)
    figures: dict[str, object] = {"load": os.getloadavg()}
    print(f"load average {os.getloadavg()[0]:.1f}\n")
    found = starts(peers, rounds, folder)
    figures["start"] = found
    empty = found["empty pygls"]
    for name, row in found.items():
        print(
            f"start {name:28} {row['ms']:7.0f} ms = {row['ms'] / empty['ms']:4.2f} × empty"
            f"   {row['mb']:6.0f} MB = {row['mb'] / empty['mb']:4.2f} × empty"
        )
    print("      budgets: 1.15 ×, 1.25 ×\n")
    for lines, budget in ((1_000, 16), (50_000, 30)):
        row = keystrokes(lines, count, folder)
        figures[f"keystroke {lines}"] = row
        print(f"keystroke in {lines:6,} lines: p50 {row['p50']:6.1f}  p95 {row['p95']:6.1f} (budget {budget})  max {row['max']:6.1f} ms")  # fmt: skip
    load = under_load(examples, folder)
    figures["load test"] = load
    print(
        f"\nwhile 40 suggestions are asked for over {examples:,} examples: hover p95 {load['hover_p95']:.1f} (budget 30), "
        f"cancel p95 {load['cancel_p95']:.1f} (50), keystroke p95 {load['key_p95']:.1f} (16) ms\n"
        f"completion p95 {load['completion_p95']:.1f} ms (25 for the suggestion itself)\n"
        f"memory before the first suggestion {load['mb_before']:.0f} MB, with the worker {load['mb_after']:.0f} MB (450)"
    )
    total = windows(6, folder)
    figures["six windows"] = total
    print(f"six windows, idle: {total:.0f} MB (1,024)   load average {os.getloadavg()[0]:.1f}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
