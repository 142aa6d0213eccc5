"""The folder in which one installation lives: its database, its keys, its files."""

import os
import secrets
from pathlib import Path


class Home:
    """BALAI_HOME. Two installations with two homes run side by side."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path).resolve()

    def secret(self, name: str) -> str:
        """The installation's own random key of that name, made on first use (mode 0600)."""
        keys = self.path / "keys"
        file = keys / name
        if not file.exists():
            keys.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            except FileExistsError:  # another process was faster
                return file.read_text().strip()
            with os.fdopen(handle, "w") as out:
                out.write(secrets.token_urlsafe(48))
        return file.read_text().strip()
