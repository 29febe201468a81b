"""What a client says at `initialize` about folders, settings and trust. Loads no feature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lsprotocol import types
from pygls.uris import to_fs_path

from runbook_ls.config import files
from runbook_ls.config.paths import Paths
from runbook_ls.config.settings import Loaded, merge
from runbook_ls.config.trust import Trust


@dataclass(slots=True)
class Given:
    """What the client said about itself, settings and trust: at initialize, and since. `by_folder` is from
    `workspace/configuration`, by folder path, "" for what belongs to none."""

    trusted: object = None
    asks: bool = True  # false: it answers no question of the server's, and shows no error but as a message
    options: Mapping[str, object] = field(default_factory=dict)
    by_folder: dict[str, Mapping[str, object]] = field(default_factory=dict)

    @classmethod
    def of(cls, params: types.InitializeParams) -> Given:
        """What the initialization options say."""
        options = params.initialization_options
        said = dict(options) if isinstance(options, Mapping) else {}
        trusted, asks = said.pop("trusted", None), said.pop("asks", True)
        return cls(trusted, asks is not False, said)

    def trust(self, folder: Path | None) -> Trust:
        """`trusted` is one word for all folders, or one for each: `{URI or path: true}`."""
        if isinstance(self.trusted, Mapping):
            by_path = {to_fs_path(str(key)) or str(key): value for key, value in self.trusted.items()}
            return Trust.from_client(by_path.get(str(folder)) if folder else None)
        return Trust.from_client(self.trusted)

    def settings(self, where: Paths, folder: Path | None) -> Loaded:
        """Defaults, files, `initializationOptions`, `workspace/configuration`: the later counts more."""
        loaded = files.load(where, folder, self.trust(folder))
        over = merge(loaded.settings, self.options, "initializationOptions")
        named = self.by_folder.get(str(folder) if folder else "", self.by_folder.get("", {}))
        last = merge(over.settings, named, "the editor's settings")
        return Loaded(last.settings, loaded.complaints + over.complaints + last.complaints)


def folders_of(params: types.InitializeParams) -> list[Path]:
    """The folders that the editor has open: its workspace folders, else its root."""
    found = [to_fs_path(folder.uri) for folder in params.workspace_folders or ()]
    if not any(found):
        found = [to_fs_path(params.root_uri) if params.root_uri else params.root_path]
    return [Path(path) for path in dict.fromkeys(found) if path]
