"""A backup is one tar with a manifest; a restore believes only what the manifest proves.

A restore needs no running installation and makes none: it loads no settings, so that no new keys
lie in the home before the old ones do.
"""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import environ

from balai import __version__

MANIFEST = "manifest.json"
DUMPS = {"sqlite": "balai.sqlite3", "postgresql": "balai.pgdump"}
INSIDE = re.compile(r"(files|keys)(/[^/\x00]+)+")
PIECE = 1024 * 1024
LARGEST_MANIFEST = 512 * 1024 * 1024  # about four million files


class CannotKeep(Exception):
    """A backup cannot be written or restored; `str()` says why."""


def back_up(file: Path, *, home: Path, database: Mapping[str, Any], with_keys: bool) -> Any:
    """Write a consistent backup while the installation runs; returns the manifest."""
    vendor = "sqlite" if database["ENGINE"].endswith("sqlite3") else "postgresql"
    partial = file.with_name(f"{file.name}.part")
    with tempfile.TemporaryDirectory(prefix=".balai-backup-", dir=file.parent) as folder:
        dump = Path(folder) / DUMPS[vendor]
        _dump(dump, database)
        parts = ("files", "keys") if with_keys else ("files",)
        sources = [(dump, dump.name)]
        sources += [
            (path, str(path.relative_to(home))) for part in parts for path in _under(home / part)
        ]
        manifest = {
            "balai": __version__,
            "database": vendor,
            "made_at": datetime.now(UTC).isoformat(),
            "files": {name: _sha256_of(path) for path, name in sources},
        }
        (Path(folder) / MANIFEST).write_text(json.dumps(manifest, indent=1))
        try:
            handle = os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "wb") as out, tarfile.open(fileobj=out, mode="w") as tar:
                tar.add(Path(folder) / MANIFEST, MANIFEST)
                for path, name in sources:
                    tar.add(path, name)
            partial.rename(file)
        finally:
            partial.unlink(missing_ok=True)
    return manifest


def restore(file: Path, *, home: Path, url: str) -> Any:
    """Fill an empty home (and, at `url`, an empty database) from a backup; returns the manifest.

    Everything is checked before anything is written. Raises CannotKeep.
    """
    vendor = "postgresql" if url.startswith("postgres") else "sqlite"
    for part in ("files", DUMPS["sqlite"]):
        if next(_under(home / part), None) is not None:
            raise CannotKeep(f"{home / part} exists: restore into a new home")
    manifest = _proven(file)
    if manifest["database"] != vendor:
        raise CannotKeep(
            f"the backup is of {manifest['database']}, BALAI_DATABASE_URL says {vendor}"
        )
    foreign = [
        name for name, hashed in manifest["files"].items()
        if name.startswith("keys/") and (home / name).exists() and _sha256_of(home / name) != hashed
    ]  # fmt: skip
    if foreign:
        raise CannotKeep(f"{home / foreign[0]} is another key than the backup's: move it away")
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".balai-restore-", dir=home.parent) as folder:
        _unpack(file, Path(folder), manifest["files"])
        if vendor == "postgresql":
            _load(Path(folder) / DUMPS[vendor], environ.Env.db_url_config(url))
            (Path(folder) / DUMPS[vendor]).unlink()
        home.mkdir(mode=0o700, exist_ok=True)
        # The database comes last: a home with it is whole.
        for path in sorted(_under(Path(folder)), key=lambda path: path.name == DUMPS["sqlite"]):
            target = home / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.replace(target)
    return manifest


def _proven(file: Path) -> Any:
    """The manifest, when everything in the backup is what it says. Nothing is written."""
    left: dict[str, str] = {}
    manifest: Any = None
    try:
        for name, stream in _members(file):
            if manifest is None:
                manifest = _manifest(name, stream)
                left = dict(manifest["files"])
            elif left.pop(name, None) != _sha256(stream):
                raise CannotKeep(f"{name} is not what the manifest says: the backup was changed")
    except (tarfile.TarError, EOFError) as failure:
        raise CannotKeep(f"{file} is no whole backup of Balai: {failure}") from failure
    if manifest is None:
        raise CannotKeep(f"{file} is no backup of Balai: it is empty")
    if left:
        raise CannotKeep(f"the backup lacks {', '.join(sorted(left)[:5])}")
    return manifest


def _manifest(name: str, stream: IO[bytes]) -> Any:
    try:
        if name != MANIFEST:
            raise ValueError(f"it begins with {name}")
        manifest = json.loads(stream.read(LARGEST_MANIFEST))
        names = {str(one) for one in manifest["files"]}
        strange = sorted(n for n in names if n not in DUMPS.values() and not _lies_inside(n))
        if strange:
            raise ValueError(f"{strange[0]} belongs to no backup")
        if DUMPS[manifest["database"]] not in names or not str(manifest["made_at"]):
            raise ValueError("it has no database")
    except (ValueError, KeyError, TypeError, AttributeError) as failure:
        raise CannotKeep(f"this is no backup of Balai: {failure}") from failure
    return manifest


def _lies_inside(name: str) -> bool:
    return INSIDE.fullmatch(name) is not None and not {".", ".."} & set(name.split("/"))


def _members(file: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and content of each file, in order. Raises CannotKeep for anything but plain files."""
    with tarfile.open(file, "r:") as tar:
        for member in tar:
            stream = tar.extractfile(member) if member.isreg() else None
            if stream is None:
                raise CannotKeep(f"{member.name} is no plain file: the backup was changed")
            yield member.name, stream


def _unpack(file: Path, folder: Path, hashes: Mapping[str, str]) -> None:
    for name, stream in _members(file):
        if name == MANIFEST:
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as out:
            shutil.copyfileobj(stream, out, PIECE)
        if _sha256_of(target) != hashes[name]:
            raise CannotKeep(f"{name} changed while it was read")


def _dump(target: Path, database: Mapping[str, Any]) -> None:
    if database["ENGINE"].endswith("sqlite3"):
        with (
            closing(sqlite3.connect(database["NAME"])) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
    else:
        _postgres(database, "pg_dump", "--format=custom", f"--file={target}")


def _load(dump: Path, database: Mapping[str, Any]) -> None:
    """Into an empty database; wholly or not at all."""
    try:
        _postgres(
            database, "pg_restore", "--single-transaction", "--no-owner", "--dbname",
            str(database["NAME"]), str(dump),
        )  # fmt: skip
    except CannotKeep as trouble:
        if "already exists" in str(trouble):
            raise CannotKeep(
                f"the database {database['NAME']} is not empty: restore into a new one"
            ) from trouble
        raise


def _postgres(database: Mapping[str, Any], program: str, *arguments: str) -> None:
    place = {
        "PGHOST": database.get("HOST") or "127.0.0.1",
        "PGPORT": str(database.get("PORT") or 5432),
        "PGUSER": database.get("USER") or "postgres",
        "PGPASSWORD": database.get("PASSWORD") or "",
        "PGDATABASE": str(database["NAME"]),
    }
    try:
        done = subprocess.run(  # noqa: S603 - program and arguments are ours
            [program, *arguments], env={**os.environ, **place}, capture_output=True, check=False,
            text=True,
        )  # fmt: skip
    except FileNotFoundError as failure:
        raise CannotKeep(
            f"{program} is not on this machine (Debian: apt install postgresql-client)"
        ) from failure
    if done.returncode:
        raise CannotKeep(f"{program}: {done.stderr.strip()}")


def _under(folder: Path) -> Iterator[Path]:
    if folder.is_file():
        yield folder
    elif folder.is_dir():
        yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return _sha256(file)


def _sha256(stream: IO[bytes]) -> str:
    hashed = hashlib.sha256()
    while piece := stream.read(PIECE):
        hashed.update(piece)
    return hashed.hexdigest()
