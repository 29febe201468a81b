"""Lint beside other linters of markdown, in one run, in turns: the corpus, 500 copies, one small file.

    python benchmarks/lint.py [--rounds N] [--json FILE] [--rumdl PROGRAM] [--markdownlint-cli2 PROGRAM]
                              [--pymarkdown PROGRAM]

Programs that are not given are looked for on PATH; those that are not there are left out, aloud. Prints a table of
medians; with `--json` also writes the figures. Times are of this machine: trust the ratios. Budgets: the corpus in at
most 1/8 of markdownlint-cli2's wall time; with a warm cache at most 1.5 × `rumdl check --no-cache`; one small file at
most 0.15 s of CPU, with byte code. shellcheck is left out except where a line says so: the others have nothing like it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
COPIES = 500
SMALL = '# Pods\n\nShow the pods of staging:\n\n```sh\nNS=staging\nkubectl -n "$NS" get pods\n```\n'
OURS = [str(Path(sys.executable).parent / "runbook-ls"), "lint"]


@dataclass
class Way:
    """One way to lint a folder: its command line, and what is done before each round."""

    name: str
    command: list[str]
    before: Callable[[], None] = lambda: None
    slow: bool = False  # one round is enough to know
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def run(self, environment: dict[str, str]) -> None:
        """Run it once and note wall and CPU time, in seconds. Findings are no failure; a crash is."""
        self.before()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        done = subprocess.run(
            self.command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
        )
        self.wall.append(time.perf_counter() - start)
        now = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu.append(now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime)
        if done.returncode not in (0, 1) and b"Traceback" in done.stderr:
            raise SystemExit(f"{self.name} failed: {done.stderr.decode()[-500:]}")


def ways(folder: Path, home: Path, peers: argparse.Namespace) -> list[Way]:
    """Ours with and without what it remembers, and the peers that are there."""

    def forget() -> None:
        shutil.rmtree(home, ignore_errors=True)

    lint = [*OURS, str(folder)]
    found = [
        Way("runbook-ls, cold", [*lint, "--ignore", "SC,RB113"], forget),
        Way("runbook-ls, warm cache", [*lint, "--ignore", "SC,RB113"]),
        Way("runbook-ls, no cache", [*lint, "--ignore", "SC,RB113", "--no-cache"]),
    ]
    if (Path(sys.executable).parent / "shellcheck").exists():
        found.append(Way("runbook-ls with shellcheck", [*lint, "--no-cache"], slow=True))
    if peers.rumdl:
        found.append(Way("rumdl", [peers.rumdl, "check", "--no-cache", str(folder)]))
    if peers.markdownlint_cli2:
        found.append(Way("markdownlint-cli2", [peers.markdownlint_cli2, f"{folder}/**/*.md"]))
    if peers.pymarkdown:
        found.append(Way("pymarkdownlnt", [peers.pymarkdown, "scan", "-r", str(folder)], slow=True))
    return found


def compare(name: str, found: list[Way], rounds: int, environment: dict[str, str]) -> dict[str, object]:
    """Run all ways in turns, so that a busy machine is as hard on each, and print their medians."""
    for number in range(rounds):
        for way in found:
            if not way.slow or number == 0:
                way.run(environment)
    wall = {way.name: statistics.median(way.wall) for way in found}
    print(f"\n{name:34} {'wall s':>8} {'CPU s':>8}   of markdownlint-cli2   of rumdl")
    for way in found:
        shares = [f"{wall[way.name] / wall[peer]:10.3f}" if peer in wall else f"{'-':>10}" for peer in _PEERS]
        print(
            f"{way.name:34} {wall[way.name]:8.3f} {statistics.median(way.cpu):8.3f}   {shares[0]:>20}   {shares[1]}"
        )
    return {way.name: {"wall": way.wall, "cpu": way.cpu} for way in found}


_PEERS = ("markdownlint-cli2", "rumdl")


def copies(folder: Path) -> None:
    """500 runbooks of about 6 KB: one of the corpus, told apart by a number."""
    text = min(
        (path.read_text("utf-8") for path in sorted(CORPUS.rglob("*.md"))),
        key=lambda text: abs(len(text) - 6_200),
    )
    for number in range(COPIES):
        (folder / f"{number:03}.md").write_text(f"# Copy {number}\n\n{text}", "utf-8")


def one_small_file(rounds: int, environment: dict[str, str]) -> dict[str, float]:
    """CPU of linting one small file, start to finish, beside an interpreter that does nothing."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "small.md"
        file.write_text(SMALL)
        found = [
            Way("cold", [*OURS, "--no-cache", "--ignore", "SC", str(file)]),
            Way("warm cache", [*OURS, "--ignore", "SC", str(file)]),
            Way("python -c pass", [sys.executable, "-c", "pass"]),
        ]
        for way in found:
            way.run(environment)  # byte code
            way.cpu.clear()
        for _ in range(rounds):
            for way in found:
                way.run(environment)
    figures = {way.name: statistics.median(way.cpu) for way in found}
    print(f"\none small file, CPU s (budget 0.15, {rounds} rounds)")
    for way in found:
        print(
            f"  {way.name:16} median {figures[way.name]:.3f}   least {min(way.cpu):.3f}   most {max(way.cpu):.3f}"
        )
    return figures


def main() -> None:
    """Run everything and print the tables."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--json", type=Path)
    for program in ("rumdl", "markdownlint-cli2", "pymarkdown"):
        options.add_argument(f"--{program}", default=shutil.which(program))
    arguments = options.parse_args()
    for program in ("rumdl", "markdownlint_cli2", "pymarkdown"):
        if not getattr(arguments, program):
            print(f"{program.replace('_', '-')} is not there: left out")
    print(f"load average before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    figures: dict[str, object] = {"load": os.getloadavg()}
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary) / "home"
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        environment["RUNBOOK_LS_HOME"] = str(home)
        figures["small"] = one_small_file(max(10, arguments.rounds), environment)
        if CORPUS.is_dir():
            figures["corpus"] = compare(
                f"corpus, {sum(1 for _ in CORPUS.rglob('*.md'))} files",
                ways(CORPUS, home, arguments),
                arguments.rounds,
                environment,
            )
            folder = Path(temporary) / "copies"
            folder.mkdir()
            copies(folder)
            figures["copies"] = compare(
                f"{COPIES} copies", ways(folder, home, arguments), arguments.rounds, environment
            )
        else:
            print(f"the corpus is not at {CORPUS}: left out")
    print(f"\nload average after: {os.getloadavg()[0]:.1f}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
