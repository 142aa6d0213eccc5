"""The house runs on closed networks: no file of ours fetches anything from somewhere else."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
THIS = Path(__file__).relative_to(ROOT).as_posix()
INDEX = re.compile(
    r"--(?:extra-)?index-url[ =]|--find-links[ =]|pypi\.org/simple|files\.pythonhosted\.org"
    r"|registry\.npmjs\.org|\bproxy\.golang\.org",
    re.IGNORECASE,
)
DELIVERY = re.compile(
    r"\bunpkg\.com|jsdelivr|\bcdnjs\b|bootstrapcdn|fonts\.g(?:oogleapis|static)\.com"
    r"|ajax\.googleapis\.com|https?://cdn\.(?!example)",
    re.IGNORECASE,
)
FETCHED_BY_A_PAGE = re.compile(
    r"<(?:script|link|img|iframe|source|video|audio|object|embed)\b[^>]*\b(?:src|href|data)\s*="
    r"\s*[\"']?(?:https?:)?//|@import\s+(?:url\()?[\"']?(?:https?:)?//|url\(\s*[\"']?(?:https?:)?//",
    re.IGNORECASE,
)
PAGES = {".html", ".css", ".js", ".svg", ".jinja", ".webmanifest"}


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    names = listed.stdout.splitlines() or [
        path.relative_to(ROOT).as_posix()
        for folder in ("src", "docs", "requirements", "tests")
        for path in (ROOT / folder).rglob("*")
    ]
    found = {}
    for name in names:
        if name == THIS or not (ROOT / name).is_file():
            continue
        try:
            found[name] = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or another file that no program of ours reads as text
    return found


def test_no_file_names_the_address_of_a_package_index(texts):
    assert [name for name, text in texts.items() if INDEX.search(text)] == []


def test_no_file_names_a_delivery_network(texts):
    assert [name for name, text in texts.items() if DELIVERY.search(text)] == []


def test_no_page_fetches_a_script_a_style_or_a_picture_from_outside(texts):
    pages = {name: text for name, text in texts.items() if Path(name).suffix in PAGES}
    assert pages
    assert [name for name, text in pages.items() if FETCHED_BY_A_PAGE.search(text)] == []


def test_no_file_names_a_folder_of_the_machine_on_which_it_was_written(texts):
    of_a_person = re.compile(r"(?<![\w.])/(?:home|Users|root)/[\w.-]+/")
    assert [name for name, text in texts.items() if of_a_person.search(text)] == []
