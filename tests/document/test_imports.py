from __future__ import annotations

import subprocess
import sys


def test_importing_is_light_and_the_parsers_wait_for_what_needs_them() -> None:
    code = """
import sys
from runbook_ls.document import parse
assert not {"markdown_it", "yaml", "rapidfuzz", "json.tool"} & set(sys.modules)
parse("# Title\\n\\n```sh\\none\\n```\\n").cells
assert "markdown_it" not in sys.modules
parse("<pre>\\n")
assert "markdown_it" in sys.modules and "yaml" not in sys.modules
head = parse("---\\na: 1\\n---\\n").front_matter
assert "yaml" not in sys.modules
assert head.data == {"a": 1}
assert "yaml" in sys.modules and not {"pygls", "lsprotocol"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
