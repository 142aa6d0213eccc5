"""A real worker dies by SIGKILL at every step; the citizen's words are kept once, answered once.

The network of these tests is a folder: it keeps what it was given, so that effects can be counted.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kill.dying import STEPS

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
OUTWARD = list(STEPS)[:7]
INWARD = list(STEPS)[7:]
ROUNDS = 8  # a mended house settles in a few rounds; each lets all leases lapse


class House:
    """One installation in a folder of its own, and the network beside it."""

    def __init__(self, home: Path) -> None:
        self.network = home / "jaringan"
        self.network.mkdir(parents=True)
        self.env = {
            **os.environ,
            "BALAI_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "balai.config.settings",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "BALAI_LOG_LEVEL": "ERROR",
        }
        self.env.pop("BALAI_DATABASE_URL", None)
        self._run("-m", "balai", "migrate")
        self.stage("set-up", str(self.network))

    def stage(self, *arguments: str) -> str:
        return self._run(str(HERE / "stage.py"), *arguments)

    def work(self, step: str = "") -> int:
        """Run a worker; the code says whether it died at the step."""
        command = [sys.executable, str(HERE / "dying.py"), *([step] if step else [])]
        return subprocess.run(command, env=self.env, cwd=ROOT, check=False, timeout=120).returncode

    def write(self, number: str, text: str) -> None:
        """A citizen writes on the network."""
        line = {"id": number, "author": "warga", "text": text, "at": "2026-11-20T09:00:00+07:00"}
        with (self.network / "in.jsonl").open("a") as out:
            out.write(json.dumps(line) + "\n")

    def sent(self) -> list[str]:
        """What the network was given by us."""
        file = self.network / "out.jsonl"
        return (
            [json.loads(line)["text"] for line in file.read_text().splitlines()]
            if file.exists()
            else []
        )

    def told(self) -> dict[str, object]:
        return json.loads(self.stage("tell"))

    def mend(self, done) -> None:
        """A new worker takes over until the work is done."""
        for _ in range(ROUNDS):
            self.stage("hurry")
            assert self.work() == 0
            if done(self.told()):
                return
        pytest.fail(f"never settled: {self.told()}")

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], env=self.env, cwd=ROOT, check=False,
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


@pytest.mark.parametrize("step", OUTWARD)
def test_an_answer_leaves_once_wherever_the_worker_dies(house, step):
    house.write("1", "Lampu jalan di depan pasar padam.")
    house.work()
    house.stage("answer", "Petugas memeriksanya hari ini.")
    if step == "before a look at an unknown outcome":
        assert house.work("after the claim, before the call") == -signal.SIGKILL
        house.stage("hurry")
    assert house.work(step) == -signal.SIGKILL
    house.mend(lambda told: told["dispatches"] == ["out"] and told["clock_stopped"])
    assert house.sent() == ["Petugas memeriksanya hari ini."]
    assert house.told()["words"] == {"in": 1, "out": 1}
    assert house.told()["state"] == "answered"


@pytest.mark.parametrize("step", INWARD)
def test_a_citizens_words_are_kept_once_wherever_the_worker_dies(house, step):
    house.write("1", "Lampu jalan di depan pasar padam.")
    house.write("2", "Air PDAM mati sejak kemarin.")
    assert house.work(step) == -signal.SIGKILL
    house.mend(lambda told: told["waiting"] == 0 and told["words"] == {"in": 2})
    assert house.told()["remote_ids"] == ["1", "2"]
    assert house.told()["conversations"] == 2
