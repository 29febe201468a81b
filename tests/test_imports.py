"""What is loaded when: `lint` must not pay for the server, nor anything at import for what may never be used."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("chromadb", "openai", "onnxruntime", "numpy", "yaml", "rich", "tree_sitter")
FACE_ONLY = ("lsprotocol", "pygls")

LINT = """
import sys
sys.argv = ["runbook-ls", "lint", "-"]
from runbook_ls.cli.main import main
try:
    main()
except SystemExit:
    pass
"""


def loaded_by(program: str, text: str = "") -> set[str]:
    """The top-level modules that a fresh process has after running `program`."""
    report = "\nimport sys; print('LOADED', *sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", program + report], input=text, capture_output=True, text=True, check=True
    )
    return set(done.stderr.split("LOADED ")[1].split())


def test_lint_loads_neither_the_protocol_nor_memory() -> None:
    loaded = loaded_by(LINT, "List\n\n```sh\necho 'no end\n```\n")
    assert not loaded & {"lsprotocol", "pygls", "chromadb", "openai", "onnxruntime", "numpy", "rich"}
    assert "tree_sitter" in loaded  # the cell had to be parsed


@pytest.mark.parametrize("face", ["runbook_ls.cli.main", "runbook_ls.cli.run", "runbook_ls.lsp.server"])
def test_the_faces_load_nothing_heavy(face: str) -> None:
    loaded = loaded_by(f"import {face}")
    assert not loaded & set(HEAVY)
    if face.startswith("runbook_ls.cli"):
        assert not loaded & set(FACE_ONLY)
