"""An analyst reads an export with nothing but standard input and output."""

import json

import pytest
from click.testing import CliRunner

from balai.config.commands.understanding import understand_command

LINES = (
    '{"text": "Jalan rusak parah, tolong diperbaiki", "id": 7}\nbukan json\n\n'
    '{"text": "Terima kasih"}\n'
)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_lines_keep_their_order_and_bad_ones_are_told_by_number(jobs):
    done = CliRunner().invoke(understand_command, ["--jobs", jobs], input=LINES)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["text"] for row in rows] == ["Jalan rusak parah, tolong diperbaiki", "Terima kasih"]
    assert rows[0]["id"] == 7
    assert rows[0]["reading"]["language"]["value"] == "ind"
    assert "line 2" in done.stderr
    assert done.exit_code == 1


def test_good_input_ends_well():
    done = CliRunner().invoke(understand_command, [], input='{"text": "Halo"}\n')
    assert done.exit_code == 0
    assert done.stderr == ""
