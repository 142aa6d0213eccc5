"""The house stays one that a person can read: small files, rooms with names."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 400
# The stylesheet is read from top to bottom as one page; migrations are written by Django.
READ_OTHERWISE = {".css"}
SOURCE = {".py", ".js", ".html", ".css", ".toml"}
NO_NAMES = {"utils", "util", "helpers", "helper", "common", "lib", "core", "misc", "shared"}
FOLDERS = ("src/balai", "tests")


def sources() -> list[Path]:
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    return [
        path
        for path in found
        if path.suffix in SOURCE - READ_OTHERWISE and "migrations" not in path.parts
        and "node_modules" not in path.parts
    ]  # fmt: skip


def test_no_source_file_is_longer_than_a_person_reads_at_once():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_folder_and_no_module_has_a_name_that_says_nothing(folder):
    named = {
        str(path.relative_to(ROOT))
        for path in (ROOT / folder).rglob("*")
        if path.stem in NO_NAMES and (path.is_dir() or path.suffix == ".py")
        and "node_modules" not in path.parts
    }  # fmt: skip
    assert named == set()
