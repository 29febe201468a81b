"""Parsing runbooks: full, keystroke by keystroke, and the corpus in one pass.

    python benchmarks/document.py [--json FILE]

Prints a table; with `--json` also writes the figures. Times are of this machine: trust the ratios. Budgets: full
parse at most 1.5 × bare markdown-it-py block parsing of the same text; a keystroke's p95 at 50,000 lines at most
3 × that at 1,000 lines, and at most 10 ms.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path

from markdown_it import MarkdownIt

from runbook_ls.document import parse, reparse
from runbook_ls.document.lines import split_lines
from runbook_ls.values import Span, TextEdit

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
SECTION = """\
## Restart service {n}

Background on service {n}: it keeps *state* in `/var/lib/s{n}` and talks to [its peers](https://example.com/{n}).
It should be back within a minute.

1. Look at what is running, as follows:

   ```sh {{name=look-{n}}}
   kubectl -n prod get pods -l app=s{n}
   ```

2. Restart it:

   ```bash
   kubectl -n prod rollout restart deploy/s{n}
   kubectl -n prod rollout status deploy/s{n}
   ```

> **Note:** if that fails, page somebody.

```console
$ kubectl -n prod get deploy s{n}
NAME   READY
s{n}   3/3
```

| key | value |
|-----|-------|
| a   | {n}   |

"""


def runbook(lines: int) -> str:
    """A runbook of about so many lines."""
    return "# Operations\n\n" + "".join(SECTION.format(n=n) for n in range(lines // SECTION.count("\n")))


def keystrokes(text: str, count: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each of `count` re-parses, and of the cells after each: letters, lines, deletions, fences and
    list markers mixed, each an edit of the same text.

    The edited text is made by slicing, as an editor's buffer does it: splitting 50,000 lines before each keystroke
    would empty the processor's caches and wake the garbage collector, and the re-parse would be charged for it.
    """
    rng = random.Random(7)
    book = parse(text)
    assert book.cells
    lines = split_lines(text)
    offsets = list(accumulate(map(len, lines), initial=0))
    times, cells = [], []
    for _ in range(count):
        line = rng.randrange(len(lines))
        column = rng.randrange(len(lines[line]))
        kind = rng.random()
        if kind < 0.7:
            edit = TextEdit(Span.of(line, column, line, column), rng.choice("abc `*-"))
        elif kind < 0.8:
            edit = TextEdit(Span.of(line, column, line, column), "\n")
        elif kind < 0.9:
            edit = TextEdit(Span.of(line, 0, line + 1, 0), "")
        else:
            edit = TextEdit(
                Span.of(line, 0, line, 0), rng.choice(["```sh\n", "```\n", "- item\n", "> quote\n"])
            )
        begin, end = (offsets[at.line] + at.column for at in (edit.span.start, edit.span.end))
        changed = text[:begin] + edit.text + text[end:]
        start = time.perf_counter()
        after = reparse(book, [edit], changed)
        times.append((time.perf_counter() - start) * 1000)
        start = time.perf_counter()
        assert after.cells
        cells.append((time.perf_counter() - start) * 1000)
    return sorted(times), sorted(cells)


def best(run: Callable[[], object], rounds: int = 5) -> float:
    """Seconds of the fastest round."""
    times = []
    for _ in range(rounds):
        gc.collect()
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def full_parse(name: str, texts: list[str]) -> dict[str, float]:
    """Full parse of the texts, cells included, beside bare block parsing."""
    bare = MarkdownIt("commonmark").disable("inline")
    size = sum(map(len, texts)) / 1e6
    ours, theirs = [], []
    for _ in range(5):  # in turns, so that a busy machine is as hard on both
        ours.append(best(lambda: [parse(text).cells for text in texts], 1))
        theirs.append(best(lambda: [bare.parse(text) for text in texts], 1))
    intents = best(lambda: [cell.intent for text in texts for cell in parse(text).cells], 1)
    seconds, peer = min(ours), min(theirs)
    print(
        f"{name:28} {size:6.2f} MB   {seconds * 1000:7.0f} ms = {size / seconds:5.2f} MB/s"
        f"   bare markdown-it-py {peer * 1000:6.0f} ms   ratio {seconds / peer:4.2f}"
        f"   with intents {intents * 1000:6.0f} ms"
    )
    return {"mb": size, "seconds": seconds, "bare_seconds": peer, "ratio": seconds / peer, "intents": intents}


def peak_memory(text: str) -> float:
    """MB that parsing takes at most, tokens included."""
    tracemalloc.start()
    parse(text).cells  # noqa: B018
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return peak


def main() -> None:
    """Run everything and print the table."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--json", type=Path)
    options.add_argument("--keystrokes", type=int, default=1000)
    arguments = options.parse_args()
    figures: dict[str, object] = {}
    figures["full"] = full_parse("a runbook of 10,000 lines", [runbook(10_000)])
    if CORPUS.is_dir():
        texts = [path.read_bytes().decode() for path in sorted(CORPUS.rglob("*.md*"))]
        figures["corpus"] = full_parse(f"corpus, {len(texts)} files", texts)
    print(
        f"\n{'keystroke':24} {'p50':>6} {'p95':>6} {'max ms':>8}   {'its cells p50':>13} {'p95 ms':>7}   peak MB"
    )
    rows = {}
    for lines in (100, 1_000, 10_000, 50_000):
        text = runbook(lines)
        times, cells = keystrokes(text, arguments.keystrokes)
        row = {
            "p50": statistics.median(times),
            "p95": times[int(len(times) * 0.95)],
            "max": times[-1],
            "cells_p50": statistics.median(cells),
            "cells_p95": cells[int(len(cells) * 0.95)],
            "peak_mb": peak_memory(text),
        }
        rows[lines] = row
        print(
            f"{lines:>12,} lines       {row['p50']:6.2f} {row['p95']:6.2f} {row['max']:8.2f}"
            f"   {row['cells_p50']:13.2f} {row['cells_p95']:7.2f}   {row['peak_mb']:7.0f}"
        )
    flat = rows[50_000]["p95"] / rows[1_000]["p95"]
    print(f"\np95 at 50,000 lines / at 1,000 lines: {flat:.2f}")
    figures["keystroke"] = rows
    figures["flat"] = flat
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
