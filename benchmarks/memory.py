"""How fast memory answers, learns and starts, and how much room it takes, as its journal grows.

    python benchmarks/memory.py [--sizes 10000 100000] [--json FILE]

Intents are made from templates; 4,000 of them are embedded with the real model, and the vectors of the others are
those with noise, so that making a journal does not take longer than measuring it. Prints a table and JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from runbook_ls.memory.client import WorkerMemory
from runbook_ls.memory.direct import DirectMemory
from runbook_ls.memory.embedder import Embedder, load_embedder
from runbook_ls.memory.exact import ExactIndex
from runbook_ls.memory.index import ChromaIndex
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.records import Lesson, Run, new_id
from runbook_ls.memory.vectors import changes_between, embed_missing, packed, unpacked

VERBS = "list show fetch delete restart deploy scale describe copy move find count compress check watch tail".split()
THINGS = """pods logs images files services volumes secrets certificates users tables backups queues topics branches
    tags releases nodes clusters buckets disks snapshots routes domains metrics alerts dashboards jobs workers caches
    sessions tokens policies roles projects accounts invoices orders tickets builds artifacts""".split()
PLACES = "staging production frankfurt virginia the-warehouse team billing search checkout mobile legacy hydros".split()
EMBEDDED = 4_000


def pairs(count: int) -> list[tuple[str, str]]:
    chance = random.Random(1)
    made = []
    for number in range(count):
        verb, thing, place = chance.choice(VERBS), chance.choice(THINGS), chance.choice(PLACES)
        name = f"{chance.choice(THINGS)[:-1]}-{number}"
        made.append(
            (
                f"{verb} the {thing} of {name} in {place}",
                f"ctl {verb} {thing} --name={name} --where={place} --since=1h",
            )
        )
    return made


def fill(journal: Journal, embedder: Embedder, count: int) -> None:
    lessons = pairs(count)
    base = embedder.embed([intent for intent, _ in lessons[:EMBEDDED]])
    for start in range(0, count, 10_000):
        part = lessons[start : start + 10_000]
        with journal.writing() as writing:
            for intent, command in part:
                writing.teach(Lesson(intent, command, "corrected", workspace="/w"))
        entries = changes_between(journal, embedder.name).entries
        new = [entry for entry in entries if entry.vector is None]
        chance = np.random.default_rng(start)
        vectors = base[[entry.number % len(base) for entry in new]]
        vectors = vectors + chance.normal(scale=0.01, size=vectors.shape).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        with journal.writing() as writing:
            writing.store_vectors(
                embedder.name, [(e.number, v) for e, v in zip(new, packed(vectors), strict=True)]
            )


def timed(call, *arguments, **named):
    start = time.perf_counter()
    answer = call(*arguments, **named)
    return (time.perf_counter() - start) * 1_000, answer


def quantiles(milliseconds: list[float]) -> dict[str, float]:
    return {f"p{q}": round(float(np.percentile(milliseconds, q)), 2) for q in (50, 95)}


def questions(count: int) -> list[str]:
    chance = random.Random(2)
    return [
        f"{chance.choice(VERBS)} {chance.choice(THINGS)} for {chance.choice(THINGS)[:-1]}-{chance.randrange(9_999)} "
        f"in {chance.choice(PLACES)}"
        for _ in range(count)
    ]


def resident_mb(memory: WorkerMemory, journal: Journal) -> float:
    found = subprocess.run(
        ["pgrep", "-f", f"runbook_ls.memory.worker {journal.path}"], capture_output=True, text=True
    )
    status = Path(f"/proc/{found.stdout.split()[0]}/status").read_text()
    return round(int(status.split("VmRSS:")[1].split()[0]) / 1024, 1)


OTHER = """
import sys, time
from pathlib import Path
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.records import Lesson
journal = Journal.open(Path(sys.argv[1]))
for line in sys.stdin:
    with journal.writing() as writing:
        writing.teach(Lesson(line.strip(), "answer " + line.strip(), "corrected", workspace="/w"))
    print("taught", flush=True)
"""


def measure_worker(journal: Journal, hydration_patience: float) -> dict[str, object]:
    asked = questions(200)
    memory = WorkerMemory(journal, patience=120)
    first, _ = timed(memory.recall, asked[0], workspace="/w")
    started = time.perf_counter()
    hydrating: list[float] = []
    size = len(journal.examples())
    while time.perf_counter() - started < hydration_patience:
        took, _ = timed(memory.recall, asked[len(hydrating) % len(asked)], workspace="/w")
        hydrating.append(took)
        time.sleep(0.05)  # as a person who types
    memory_after = resident_mb(memory, journal)
    answered = [timed(memory.recall, intent, workspace="/w")[0] for intent in asked]

    def corrected(intent: str) -> float:
        with journal.writing() as writing:
            writing.teach(Lesson(intent, f"answer {intent}", "corrected", workspace="/w"))
        written = time.perf_counter()
        found = memory.recall(intent, workspace="/w")
        assert found.candidates[0].example.command == f"answer {intent}"
        return (time.perf_counter() - written) * 1_000

    here = [corrected(f"{intent} right here {number}") for number, intent in enumerate(asked[:50])]
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER, str(journal.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    there = []
    for number, intent in enumerate(asked[:50]):
        intent = f"{intent} over there {number}"
        other.stdin.write(intent + "\n")
        other.stdin.flush()
        other.stdout.readline()
        took, found = timed(memory.recall, intent, workspace="/w")
        assert found.candidates[0].example.command == f"answer {intent}"
        there.append(took)
    other.communicate()
    memory.close()
    return {
        "examples": size,
        "first answer, worker not running (ms)": round(first),
        "answer while hydrating (ms)": quantiles(hydrating),
        "answer (ms)": quantiles(answered),
        "correction here, next answer (ms)": quantiles(here),
        "correction elsewhere, next answer (ms)": quantiles(there),
        "worker resident (MB)": memory_after,
    }


def measure_direct(journal: Journal) -> dict[str, object]:
    memory = DirectMemory(journal)
    first, _ = timed(memory.recall, questions(1)[0], workspace="/w")
    answered = [timed(memory.recall, intent, workspace="/w")[0] for intent in questions(200)]
    memory.close()
    return {"direct: first answer (ms)": round(first), "direct: answer (ms)": quantiles(answered)}


def measure_indexes(journal: Journal, embedder: Embedder) -> dict[str, object]:
    entries = changes_between(journal, embedder.name).entries
    vectors = unpacked([entry.vector for entry in entries], embedder.dimension)
    numbers = [entry.number for entry in entries]
    exact, chroma = ExactIndex(), ChromaIndex()
    exact.put("", numbers, vectors)
    hydrated, _ = timed(chroma.put, "", numbers, vectors)
    common, fast, slow = [], [], []
    for vector in embedder.embed(questions(200)):
        took, approximate = timed(chroma.nearest, [""], vector, 64)
        fast.append(took)
        took, right = timed(exact.nearest, [""], vector, 64)
        slow.append(took)
        common.append(len(approximate.keys() & right.keys()) / len(right))
    return {
        "hydration, uninterrupted (s)": round(hydrated / 1_000, 2),
        "recall@64 of Chroma beside exact": round(float(np.mean(common)), 4),
        "Chroma query (ms)": quantiles(fast),
        "exact query (ms)": quantiles(slow),
    }


def measure_learning(directory: Path) -> dict[str, object]:
    with Journal.open(directory / "learning" / "journal.db") as journal:

        def learn() -> None:
            with journal.writing() as writing:
                for intent, command in pairs(5_000):
                    writing.teach(Lesson(intent, command, "taught"))
            embed_missing(journal, load_embedder())

        took, _ = timed(learn)
    with Journal.open(directory / "growth" / "journal.db") as journal:
        embedder = load_embedder("hashing")
        empty = journal.counts().size
        commits = []
        for intent, command in pairs(1_000):

            def correct(intent: str = intent, command: str = command) -> None:
                run = Run(
                    new_id(),
                    time.time(),
                    "/w/runbook.md",
                    "cell",
                    1,
                    "sh",
                    intent,
                    command,
                    suggestion=command,
                )
                with journal.writing() as writing:
                    writing.teach(Lesson(intent, command, "corrected", workspace="/w", run_id=run.id))
                    writing.add_run(run)

            commits.append(timed(correct)[0])
        before_vectors = journal.counts().size
        embed_missing(journal, embedder)
        after = journal.counts().size
    return {
        "learning 5,000 pairs (s)": round(took / 1_000, 1),
        "writing a correction (ms)": quantiles(commits),
        "bytes a correction": (before_vectors - empty) // 1_000,
        "and its vector (of 384)": round((after - before_vectors) / 1_000 * 384 / embedder.dimension),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    embedder = load_embedder()
    result: dict[str, dict[str, object]] = {}

    def show(name: str, figures: dict[str, object]) -> None:
        result[name] = figures
        print(name)
        for what, figure in figures.items():
            print(f"  {what:45} {figure}", flush=True)

    with tempfile.TemporaryDirectory() as directory:
        show("learning", measure_learning(Path(directory)))
        for size in options.sizes:
            with Journal.open(Path(directory) / str(size) / "journal.db") as journal:
                fill(journal, embedder, size)
                indexes = measure_indexes(journal, embedder)
                patience = 5 + 2.5 * float(indexes["hydration, uninterrupted (s)"])  # type: ignore[arg-type]
                show(
                    f"{size:,} examples",
                    measure_worker(journal, patience) | measure_direct(journal) | indexes,
                )
    text = json.dumps(result)
    if options.json:
        options.json.write_text(text)
    else:
        print(text)


if __name__ == "__main__":
    main()
