"""Everything that an operator can set is told in docs/operate.md, and nothing else is."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READ_IN_PYTHON = re.compile(
    r"""(?:\benv(?:\.\w+)?\(|\benviron(?:\.\w+)?[\[(]|\bgetenv\()\s*["'](\w+)["']"""
)
ASKED_FOR = re.compile(r"""["'](BALAI_\w+)["']\s+(?:not\s+)?in\s+os\.environ""")
READ_IN_SHELL = re.compile(r"\$\{(BALAI_\w+)")
TOLD = re.compile(r"^\| `(\w+)` \| .*\w", re.MULTILINE)
OF_THE_SYSTEM = {"PATH", "CI", "DJANGO_SETTINGS_MODULE", "HOME", "DEBIAN_FRONTEND"}


def read_by_the_code() -> set[str]:
    files = [
        *(ROOT / "src/balai").rglob("*.py"),
        *(path for path in (ROOT / "tests").rglob("*.py") if "node_modules" not in path.parts),
        ROOT / "conftest.py",
    ]
    names = set(READ_IN_SHELL.findall((ROOT / "balai").read_text()))
    for path in files:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        names |= set(READ_IN_PYTHON.findall(text)) | set(ASKED_FOR.findall(text))
    return names - OF_THE_SYSTEM


def told() -> set[str]:
    return set(TOLD.findall((ROOT / "docs/operate.md").read_text(encoding="utf-8")))


def test_every_variable_that_the_code_reads_has_a_sentence():
    assert sorted(read_by_the_code() - told()) == []


def test_no_sentence_promises_a_variable_that_nobody_reads():
    assert sorted(name for name in told() - read_by_the_code() if name.startswith("BALAI_")) == []


def test_no_variable_is_told_twice():
    names = TOLD.findall((ROOT / "docs/operate.md").read_text(encoding="utf-8"))
    assert len(names) == len(set(names))


def test_our_variables_carry_our_name():
    assert all(name.startswith("BALAI_") for name in read_by_the_code())
