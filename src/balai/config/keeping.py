"""A backup is one tar with a manifest; a restore believes only what the manifest proves."""

import hashlib
import json
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from balai import __version__
from balai.ground.clock import now

MANIFEST = "manifest.json"
PARTS = ("files",)


class CannotKeep(Exception):
    """A backup cannot be written or restored; `str()` says why."""


def back_up(file: Path, *, with_keys: bool) -> dict[str, Any]:
    """Write a consistent backup while the installation runs; returns the manifest."""
    home = settings.HOME.path
    with tempfile.TemporaryDirectory(prefix="balai-backup-") as folder:
        dump = Path(folder) / _dump_name()
        _dump(dump)
        parts = PARTS + (("keys",) if with_keys else ())
        sources = [(dump, dump.name)]
        sources += [
            (path, str(path.relative_to(home))) for part in parts for path in _under(home / part)
        ]
        manifest = {
            "balai": __version__,
            "database": connection.vendor,
            "made_at": now().isoformat(),
            "files": {name: _sha256(path) for path, name in sources},
        }
        (Path(folder) / MANIFEST).write_text(json.dumps(manifest, indent=1))
        partial = file.with_name(f"{file.name}.part")
        with tarfile.open(partial, "w") as tar:
            tar.add(Path(folder) / MANIFEST, MANIFEST)
            for path, name in sources:
                tar.add(path, name)
        partial.rename(file)
    return manifest


def restore(file: Path) -> dict[str, Any]:
    """Fill an empty home from a backup. Raises CannotKeep before anything is written."""
    home = settings.HOME.path
    kept_before = [p for part in ("files", _dump_name()) for p in _under(home / part)]
    if connection.vendor == "sqlite" and kept_before:
        raise CannotKeep(f"{home} is not empty: restore into a new home")
    with tempfile.TemporaryDirectory(prefix="balai-restore-", dir=home.parent) as folder:
        with tarfile.open(file) as tar:
            tar.extractall(folder, filter="data")
        manifest = _proven(Path(folder))
        if manifest["database"] != connection.vendor:
            raise CannotKeep(
                f"the backup is of {manifest['database']}, this is {connection.vendor}"
            )
        connection.close()
        _load(Path(folder) / _dump_name())
        for part in (*PARTS, "keys"):
            if (Path(folder) / part).exists():
                for path in _under(Path(folder) / part):
                    target = home / path.relative_to(folder)
                    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                    path.replace(target)
    return manifest


def _proven(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
        expected = dict(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError) as failure:
        raise CannotKeep(f"this is no backup of Balai: {failure}") from failure
    for path in _under(folder):
        name = str(path.relative_to(folder))
        if name != MANIFEST and _sha256(path) != expected.pop(name, None):
            raise CannotKeep(f"{name} is not what the manifest says: the backup was changed")
    if expected:
        raise CannotKeep(f"the backup lacks {', '.join(sorted(expected))}")
    return manifest


def _dump_name() -> str:
    return "balai.sqlite3" if connection.vendor == "sqlite" else "balai.pgdump"


def _dump(target: Path) -> None:
    if connection.vendor == "sqlite":
        with (
            closing(sqlite3.connect(settings.DATABASES["default"]["NAME"])) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
    else:
        _postgres("pg_dump", "--format=custom", f"--file={target}")


def _load(dump: Path) -> None:
    if connection.vendor == "sqlite":
        target = Path(settings.DATABASES["default"]["NAME"])
        target.parent.mkdir(parents=True, exist_ok=True)
        for leftover in ("", "-wal", "-shm"):
            Path(f"{target}{leftover}").unlink(missing_ok=True)
        dump.replace(target)
    else:
        _postgres("pg_restore", "--exit-on-error", "--no-owner", "--dbname", _name(), str(dump))


def _name() -> str:
    return str(settings.DATABASES["default"]["NAME"])


def _postgres(program: str, *arguments: str) -> None:
    place = settings.DATABASES["default"]
    env = {
        "PATH": "/usr/bin:/bin:/usr/local/bin",
        "PGHOST": place["HOST"] or "127.0.0.1",
        "PGPORT": str(place["PORT"] or 5432),
        "PGUSER": place["USER"] or "postgres",
        "PGPASSWORD": place["PASSWORD"] or "",
        "PGDATABASE": _name(),
    }
    done = subprocess.run(  # noqa: S603 - program and arguments are ours
        [program, *arguments], env=env, capture_output=True, check=False, text=True
    )
    if done.returncode:
        raise CannotKeep(f"{program}: {done.stderr.strip()}")


def _under(folder: Path) -> Iterator[Path]:
    if folder.is_file():
        yield folder
    elif folder.is_dir():
        yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
