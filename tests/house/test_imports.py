"""The floors of the house, as import-linter reads them from pyproject.toml."""

import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_contract_between_the_rooms_is_kept():
    tool = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_contracts_are_there_and_none_excuses_an_import_without_an_issue():
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    kinds = Counter(contract["type"] for contract in told["contracts"])
    assert set(kinds) >= {"acyclic_siblings", "forbidden", "independence", "layers", "protected"}
    assert kinds["layers"] >= 2
    assert all("ignore_imports" not in contract for contract in told["contracts"])
