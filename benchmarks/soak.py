"""Half an hour of editing in compressed time: 50 runbooks opened, typed in, completed, run, cancelled and closed.

    python benchmarks/soak.py [--minutes 30] [--json FILE]

A minute of editing stands for about 120 things that an editor's user does. Prints latency percentiles, and how the
server's memory grew after the first tenth (budget: less than 5%).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import tempfile
from collections import defaultdict
from pathlib import Path

from client import Client, percentile
from server import runbook

RUNBOOKS = 50
A_MINUTE = 120


def main() -> None:
    """Edit, and print the table."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--minutes", type=float, default=30)
    options.add_argument("--json", type=Path)
    arguments = options.parse_args()
    chance = random.Random(11)
    folder = Path(tempfile.mkdtemp(prefix="runbook-ls-soak-"))
    client = Client()
    client.initialize(folder, **{"memory.embedder": "hashing"})
    times: defaultdict[str, list[float]] = defaultdict(list)
    memory: list[float] = []
    versions: dict[str, int] = {}
    steps = int(arguments.minutes * A_MINUTE)
    texts = {
        (
            folder / f"{n}.md"
        ).as_uri(): f"# Runbook {n}\n\nSay number {n}\n\n```sh\necho {n}\n```\n\nSay it again\n\n```sh\n```\n\n"
        + runbook(400 + 20 * n, findings=5)
        for n in range(RUNBOOKS)
    }
    for step in range(steps):
        uri = chance.choice(list(texts))
        document = {"textDocument": {"uri": uri}}
        if uri not in versions:
            client.open(uri, texts[uri])
            versions[uri] = 1
            client.until_published(uri, 1)
        what = chance.choices(
            ("type", "complete", "hover", "look", "run", "cancel", "close"), (60, 8, 8, 8, 8, 3, 5)
        )[0]
        if what == "type":
            line = chance.randrange(12, 300)
            versions[uri] += 2
            times[what].append(
                client.change(uri, versions[uri] - 1, line, 0, (line, 0), chance.choice("ab`-#\n"))
            )
            client.change(uri, versions[uri], line, 0, (line, 1), "") if chance.random() < 0.9 else None
        elif what == "complete":
            place = {"line": 10, "character": 0}
            times[what].append(client.timed("textDocument/completion", {**document, "position": place}))
        elif what == "hover":
            times[what].append(
                client.timed("textDocument/hover", {**document, "position": {"line": 5, "character": 1}})
            )
        elif what == "look":
            for method in ("codeLens", "documentSymbol", "foldingRange"):
                times[what].append(client.timed(f"textDocument/{method}", document))
        elif what in ("run", "cancel"):
            run = {"command": "runbook.runCell", "arguments": [{"uri": uri, "line": 5}]}
            number = client.ask("workspace/executeCommand", run)
            if what == "cancel":
                client.tell("$/cancelRequest", {"id": number})
            client.answer(number)
        else:
            client.tell("textDocument/didClose", document)
            del versions[uri]
            client.published = {key: at for key, at in client.published.items() if key[0] != uri}
        if step % max(1, steps // 100) == 0:
            memory.append(client.memory())
    client.close()
    for what, found in times.items():
        print(f"{what:10} {len(found):6} × p50 {percentile(found, 0.5):7.1f}  p95 {percentile(found, 0.95):7.1f}  max {max(found):7.1f} ms")  # fmt: skip
    tenth = max(1, len(memory) // 10)
    # Medians: a cell that happens to run while one looks is no growth.
    first, last = statistics.median(memory[tenth : 2 * tenth]), statistics.median(memory[-tenth:])
    growth = last / first - 1
    print(f"memory {first:.0f} MB after the first tenth, {last:.0f} MB at the end: {growth:+.1%} (budget 5%)")
    print("memory by tenths:", *(f"{memory[len(memory) * n // 10]:.0f}" for n in range(10)), f"{last:.0f} MB")
    print(f"{steps} steps, load average {os.getloadavg()[0]:.1f}")
    if arguments.json:
        arguments.json.write_text(json.dumps({"times": times, "memory": memory, "growth": growth}))


if __name__ == "__main__":
    main()
