from __future__ import annotations

from pathlib import Path

import pytest

from runbook_ls.config import files, paths
from runbook_ls.config.settings import Settings, merge
from runbook_ls.config.trust import Trust


def test_nested_tables_and_dotted_names_are_the_same_setting() -> None:
    nested = merge(Settings(), {"memory": {"embedder": "hashing"}}, "here")
    dotted = merge(Settings(), {"memory.embedder": "hashing"}, "here")
    assert nested == dotted
    assert nested.settings.memory_embedder == "hashing"


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"consnt": "strict"}, 'here: there is no setting "consnt"; did you mean "consent"?'),
        (
            {"consent": "sometimes"},
            "here: setting \"consent\" must be one of normal, strict, not 'sometimes'.",
        ),
        ({"learning": "no"}, "here: setting \"learning\" must be true or false, not 'no'."),
    ],
)
def test_a_bad_setting_is_named_and_the_rest_apply(given: dict[str, object], complaint: str) -> None:
    loaded = merge(Settings(), {**given, "memory.embedder": "hashing"}, "here")
    assert loaded.complaints == (complaint,)
    assert loaded.settings == Settings(memory_embedder="hashing")


def test_the_workspace_is_asked_only_if_trusted(tmp_path: Path) -> None:
    (tmp_path / "runbook-ls.toml").write_text("learning = false\n")
    assert not files.load(paths.find(), tmp_path, Trust.TRUSTED).settings.learning
    assert files.load(paths.find(), tmp_path, Trust.UNKNOWN).settings.learning


@pytest.mark.parametrize("trust", list(Trust))
def test_a_workspace_makes_things_stricter_and_never_laxer(tmp_path: Path, trust: Trust) -> None:
    own = paths.find().user_settings
    own.parent.mkdir(parents=True)
    workspace = tmp_path / "runbook-ls.toml"
    workspace.write_text('consent = "strict"\nmemory.scope = "workspace"\n')
    stricter = files.load(paths.find(), tmp_path, trust).settings
    assert (stricter.consent, stricter.memory_scope) == ("strict", "workspace")

    own.write_text('consent = "strict"\nmemory.scope = "workspace"\n')
    workspace.write_text('consent = "normal"\nmemory.scope = "everywhere"\n')
    loaded = files.load(paths.find(), tmp_path, trust)
    assert (loaded.settings.consent, loaded.settings.memory_scope) == ("strict", "workspace")
    said = f'{workspace}: a workspace can set "consent" to "strict" only.'
    assert (said in loaded.complaints) == (trust is Trust.TRUSTED)


@pytest.mark.parametrize("text", ["consent = \n", f"consent = {'[' * 5000}\n"])
def test_a_broken_settings_file_is_reported_and_the_defaults_apply(text: str) -> None:
    user = paths.find().user_settings
    user.parent.mkdir(parents=True)
    user.write_text(text)
    loaded = files.load(paths.find(), None, Trust.TRUSTED)
    assert loaded.settings == Settings()
    assert len(loaded.complaints) == 1
    assert loaded.complaints[0].startswith(f"{user}: not valid TOML")


def test_one_variable_moves_everything(home: Path) -> None:
    found = paths.find()
    assert {found.data.parent, found.state.parent, found.config.parent} == {home / "runbook-ls"}


@pytest.mark.parametrize(
    "line",
    [
        'llm.endpoint = "https://elsewhere.invalid/v1"',
        'llm.key_command = "touch owned"',
        'llm.key_env = "AWS_SECRET_ACCESS_KEY"',
        'llm.headers = {x = "${HOME}"}',
        "llm.outputs = true",
    ],
)
def test_a_workspace_never_says_where_data_goes_or_what_is_started(tmp_path: Path, line: str) -> None:
    (tmp_path / "runbook-ls.toml").write_text(f"{line}\nconsent = 'strict'\n")
    loaded = files.load(paths.find(), tmp_path, Trust.TRUSTED)
    assert loaded.settings == Settings(consent="strict")
    assert "counts only in your own settings" in loaded.complaints[0]


@pytest.mark.parametrize("trust", list(Trust))
def test_any_workspace_may_switch_the_model_off(tmp_path: Path, trust: Trust) -> None:
    (tmp_path / "runbook-ls.toml").write_text('suggest.llm = "never"\n')
    assert files.load(paths.find(), tmp_path, trust).settings.suggest_llm == "never"


def test_a_table_is_one_setting_and_its_contents_are_not_shown() -> None:
    loaded = merge(Settings(), {"llm": {"headers": {"api-key": "s3cret"}, "body": "s3cret"}}, "here")
    assert loaded.settings.llm_headers == {"api-key": "s3cret"}
    assert loaded.complaints == ('here: setting "llm.body" must be a table.',)
