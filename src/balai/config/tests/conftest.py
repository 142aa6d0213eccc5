"""A home that was founded once, and a copy of it for every test that wants one."""

import shutil
from pathlib import Path

import pytest

from balai.config.tests import console


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return console.found(tmp_path_factory.mktemp("founded") / "home")


@pytest.fixture
def home(founded: Path, tmp_path: Path) -> Path:
    shutil.copytree(founded, tmp_path / "home")
    return tmp_path / "home"
