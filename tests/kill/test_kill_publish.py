"""A real worker dies by SIGKILL while it carries a post: the post is out once, with its proof."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kill.publish_dying import STEPS
from tests.kill.test_kill import House

HERE = Path(__file__).parent


class Desk(House):
    """An installation whose workers carry posts."""

    def stage(self, *arguments: str) -> str:
        return self.run(str(HERE / "publish_stage.py"), *arguments)

    def work(self, step: str = "") -> int:
        command = [sys.executable, str(HERE / "publish_dying.py"), *([step] if step else [])]
        done = subprocess.run(command, env=self.env, cwd=self.network, check=False, timeout=300)
        return done.returncode


@pytest.fixture(scope="module")
def due(tmp_path_factory):
    """An installation with one approved post that is due; tests work on copies."""
    house = Desk(tmp_path_factory.mktemp("due") / "home")
    house.found()
    return house


@pytest.mark.parametrize("step", STEPS)
def test_a_post_leaves_once_wherever_the_worker_dies(due, tmp_path, step):
    shutil.copytree(due.home, tmp_path / "home")
    house = Desk(tmp_path / "home")
    assert house.work(step) == -signal.SIGKILL
    told = json.loads(house.stage("mend"))
    assert told == {"state": "published", "has_proof": True, "dispatches": ["out"]}
    assert len(house.sent()) == 1
