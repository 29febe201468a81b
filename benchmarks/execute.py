"""What running a cell costs, over `bash file`: budgets of DESIGN §10.

    python benchmarks/execute.py [--json] [--gigabytes N] [--runs N]

Prints a table and, with --json, one JSON object. Everything is measured in one run, so that the ratios hold.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from runbook_ls.config.paths import Paths
from runbook_ls.config.settings import Settings
from runbook_ls.config.trust import Trust
from runbook_ls.document import parse
from runbook_ls.execute import processes, state
from runbook_ls.execute.execution import Request
from runbook_ls.execute.interpreters import resolve
from runbook_ls.shell.secrets import redact
from runbook_ls.workbench import run
from runbook_ls.workbench.connect import connect_directly
from runbook_ls.workbench.plan import plan_run
from runbook_ls.workbench.session import Session

BASH = resolve("bash")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--gigabytes", type=float, default=1.0)
    parser.add_argument("--runs", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = {
            "load average of the last minute": os.getloadavg()[0],
            **added_time(folder, options.runs),
            **first_byte(folder, options.runs),
            **hundred_cells(folder),
            **throughput(folder, options.gigabytes),
        }
    if options.json:
        print(json.dumps(found))
        return
    for what, value in found.items():
        print(f"{what:<64} {value:>10,.2f}")


def request(body: str, folder: Path) -> Request:
    return Request(BASH, body, folder, dict(os.environ))


def silently(stream: str, text: str) -> None:
    pass


def timed(run: Callable[[], object], runs: int) -> list[float]:
    """Milliseconds of each run, in ascending order."""
    taken = []
    for _ in range(runs):
        begun = time.perf_counter()
        run()
        taken.append((time.perf_counter() - begun) * 1000)
    return sorted(taken)


def p95(taken: list[float]) -> float:
    return taken[int(len(taken) * 0.95)]


def states(folder: Path) -> dict[str, state.State]:
    """States of three sizes: what a fresh runbook has, 32 KB of variables, and 100 functions more."""
    fresh = state.initial(os.environ)
    never = threading.Event()
    fill = 'for i in {1..200}; do printf -v "v$i" "value %d %0140d" "$i" 0; done'
    functions = (
        'for i in {1..100}; do eval "f$i() { echo \\"$i\\"; local x=1; [[ \\$x ]] && echo yes; }"; done'
    )
    large = state.run(fresh, request(fill, folder), silently, never).state
    full = state.run(large, request(functions, folder), silently, never).state
    return {"fresh state": fresh, "32 KB state": large, "32 KB state, 100 functions": full}


def added_time(folder: Path, runs: int) -> dict[str, float]:
    """Every way in turn, so that what else the machine does meets all of them alike."""
    never = threading.Event()
    script = folder / "cell.sh"
    script.write_text("true\n")
    command = [BASH.program, str(script)]
    ways: dict[str, Callable[[], object]] = {
        "": lambda: subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True),
        "no state": lambda: processes.run(request("true", folder), silently, never),
    }
    for name, before in states(folder).items():
        ways[name] = lambda before=before: state.run(before, request("true", folder), silently, never)
    with session(folder) as here:
        ways["32 KB state, planned and journalled"] = planned(here, folder, states(folder)["32 KB state"])
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(runs):
            for name, way in ways.items():
                taken[name] += timed(way, 1)
    taken = {name: sorted(times) for name, times in taken.items()}
    plain = taken.pop("")
    found = {"bash file, median ms": statistics.median(plain), "bash file, p95 ms": p95(plain)}
    for name, times in taken.items():
        found[f"{name}, added median ms (budget 15)"] = statistics.median(times) - statistics.median(plain)
        found[f"{name}, added p95 ms"] = p95(times) - p95(plain)
    return found


@contextlib.contextmanager
def session(folder: Path) -> Iterator[Session]:
    paths = Paths(folder / "data", folder / "state", folder / "config")
    here = Session(paths, Settings(), Trust.TRUSTED, folder, connect_directly, print)
    try:
        yield here
    finally:
        here.close()


def planned(here: Session, folder: Path, before: state.State) -> Callable[[], object]:
    """What a user's act costs: consent, the run itself, git's revision, and the journal on disk."""
    file, runbook = str(folder / "a.md"), parse("Do nothing\n\n```sh\ntrue\n```\n")
    here.states[file] = before

    def act() -> object:
        plan = plan_run(here, file, runbook, runbook.cells[0])
        return run.perform(here, plan, consented="act", on_output=silently, cancel=threading.Event())

    act()
    return act


def first_byte(folder: Path, runs: int) -> dict[str, float]:
    """From the start to the first output byte, beside a pipe read directly."""
    script = folder / "first.sh"
    script.write_text("echo x\n")
    never = threading.Event()
    before = states(folder)["32 KB state"]

    def directly() -> float:
        begun = time.perf_counter()
        with subprocess.Popen(
            [BASH.program, str(script)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
        ) as cell:
            assert cell.stdout is not None
            cell.stdout.read(1)
            return (time.perf_counter() - begun) * 1000

    def ours() -> float:
        seen: list[float] = []
        begun = time.perf_counter()
        state.run(before, request("echo x", folder), lambda *_: seen.append(time.perf_counter()), never)
        return (seen[0] - begun) * 1000

    both = [(directly(), ours()) for _ in range(runs)]
    plain, taken = (sorted(times) for times in zip(*both, strict=True))
    return {
        "first byte directly, median ms": statistics.median(plain),
        "first byte added, 32 KB state, median ms (budget 10)": statistics.median(taken)
        - statistics.median(plain),
        "first byte added, 32 KB state, p95 ms": p95(taken) - p95(plain),
    }


def hundred_cells(folder: Path) -> dict[str, float]:
    never = threading.Event()
    now = state.initial(os.environ)
    begun = time.perf_counter()
    for number in range(100):
        now = state.run(now, request(f"A{number}=x; echo $A{number}", folder), silently, never).state
    return {"100 cells of a runbook, s": time.perf_counter() - begun}


def throughput(folder: Path, gigabytes: float) -> dict[str, float]:
    size = int(gigabytes * 1e9)
    data = folder / "lines.log"
    line = b"2026-11-22T10:00:00Z INFO request served path=/api/v1/items status=200 bytes=5120 ms=12\n"
    with data.open("wb") as file:
        block = line * 10_000
        for _ in range(size // len(block)):
            file.write(block)
    begun = time.perf_counter()
    with subprocess.Popen(["cat", str(data)], stdout=subprocess.PIPE) as cat:
        assert cat.stdout is not None
        while cat.stdout.read1(1 << 16):  # type: ignore[attr-defined]
            pass
    plain = time.perf_counter() - begun
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    processes.run(request(f"cat '{data}'", folder), silently, threading.Event())
    taken = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle
    kept = replace(
        request(f"cat '{data}'", folder),
        output_file=folder / "kept" / "1.txt",
        redact=lambda text: redact(text).text,
    )
    begun = time.perf_counter()
    processes.run(kept, silently, threading.Event())
    kept_taken = time.perf_counter() - begun
    return {
        f"{gigabytes:g} GB through a pipe by cat, s": plain,
        f"{gigabytes:g} GB of output of a cell, s": taken,
        "output beside cat, ratio": taken / plain,
        "the same, its first 16 MB redacted into a file, s": kept_taken,
        "memory over idle, MB (budget 64)": peak / (1 << (20 if sys.platform == "darwin" else 10)),
    }


if __name__ == "__main__":
    main()
