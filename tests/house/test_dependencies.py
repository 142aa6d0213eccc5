"""Every dependency has a line that says why it is here."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/adr/0007-dependencies.md"
NAME = re.compile(r"^([A-Za-z0-9][\w.-]*)", re.MULTILINE)


def told() -> set[str]:
    return set(re.findall(r"^\| ([\w.-]+) \| \S", PAGE.read_text(), re.MULTILINE))


@pytest.mark.parametrize("file", ["core.in", "dev.in"])
def test_every_dependency_has_its_line(file):
    wanted = set(NAME.findall((ROOT / "requirements" / file).read_text()))
    assert wanted - told() == set()


def test_no_line_is_left_of_a_dependency_that_went():
    wanted = {
        name
        for file in ("core.in", "dev.in")
        for name in NAME.findall((ROOT / "requirements" / file).read_text())
    }
    assert told() - wanted == set()
