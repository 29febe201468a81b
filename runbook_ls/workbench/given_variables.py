"""Values that the user gives for a run: what its cells see as variables, and what a confirmation shows."""

from __future__ import annotations

import os
from collections.abc import Mapping

from runbook_ls.execute import state
from runbook_ls.workbench.session import Session


def give(session: Session, file: str, variables: Mapping[str, str]) -> None:
    """Export the variables to the next cells of `file`, an absolute path."""
    if variables:
        before = session.states.get(file) or state.initial(os.environ)
        session.states[file] = before.with_variables(variables)
