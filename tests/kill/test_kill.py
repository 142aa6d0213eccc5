"""A real worker dies by SIGKILL at every step; the citizen's words are kept once, answered once.

The network of these tests is a folder: it keeps what it was given, so that effects can be counted.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kill.dying import STEPS

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
OUTWARD, INWARD = list(STEPS)[:7], list(STEPS)[7:]
LOOK = "before a look at an unknown outcome"


class House:
    """One installation in a folder of its own, and the network beside it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.network = home / "jaringan"
        self.env = {
            **os.environ,
            "BALAI_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "balai.config.settings",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "BALAI_LOG_LEVEL": "ERROR",
        }
        self.env.pop("BALAI_DATABASE_URL", None)

    def found(self) -> None:
        """Build it from nothing."""
        self.network.mkdir(parents=True)
        self.run("-m", "balai", "migrate")
        self.stage("set-up", ".")

    def stage(self, *arguments: str) -> str:
        return self.run(str(HERE / "stage.py"), *arguments)

    def work(self, step: str = "") -> int:
        """Run a worker; the code says whether it died at the step."""
        command = [sys.executable, str(HERE / "dying.py"), *([step] if step else [])]
        done = subprocess.run(command, env=self.env, cwd=self.network, check=False, timeout=300)
        return done.returncode

    def write(self, number: str, text: str) -> None:
        """A citizen writes on the network."""
        line = {"id": number, "author": "warga", "text": text, "at": "2026-11-20T09:00:00+07:00"}
        with (self.network / "in.jsonl").open("a") as out:
            out.write(json.dumps(line) + "\n")

    def sent(self) -> list[str]:
        """What the network was given by us."""
        lines = (self.network / "out.jsonl").read_text().splitlines()
        return [json.loads(line)["text"] for line in lines]

    def mended(self) -> dict[str, object]:
        """What stands in the house when new workers have done all that was left."""
        told: dict[str, object] = json.loads(self.stage("mend"))
        return told

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], env=self.env, cwd=self.network, check=False,
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def founded(tmp_path_factory):
    """An installation without messages; tests work on copies."""
    house = House(tmp_path_factory.mktemp("founded") / "home")
    house.found()
    return house


@pytest.fixture(scope="module")
def answered(founded, tmp_path_factory):
    """The same with one message landed and one answer waiting to leave."""
    house = copied(founded, tmp_path_factory.mktemp("answered"))
    house.write("1", "Lampu jalan di depan pasar padam.")
    assert house.work() == 0
    house.stage("answer", "Petugas memeriksanya hari ini.")
    return house


def copied(house: House, folder: Path) -> House:
    shutil.copytree(house.home, folder / "home")
    return House(folder / "home")


@pytest.mark.parametrize("step", OUTWARD)
def test_an_answer_leaves_once_wherever_the_worker_dies(answered, tmp_path, step):
    house = copied(answered, tmp_path)
    if step == LOOK:
        assert house.work("after the claim, before the call") == -signal.SIGKILL
        house.stage("hurry")
    assert house.work(step) == -signal.SIGKILL
    told = house.mended()
    assert told["dispatches"] == ["out"]
    assert told["clock_stopped"]
    assert told["state"] == "answered"
    assert told["words"] == {"in": 1, "out": 1}
    assert house.sent() == ["Petugas memeriksanya hari ini."]


@pytest.mark.parametrize("step", INWARD)
def test_a_citizens_words_are_kept_once_wherever_the_worker_dies(founded, tmp_path, step):
    house = copied(founded, tmp_path)
    house.write("1", "Lampu jalan di depan pasar padam.")
    house.write("2", "Air PDAM mati sejak kemarin.")
    assert house.work(step) == -signal.SIGKILL
    told = house.mended()
    assert told["waiting"] == 0
    assert told["words"] == {"in": 2}
    assert told["remote_ids"] == ["1", "2"]
    assert told["conversations"] == 2
