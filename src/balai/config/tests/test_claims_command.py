"""An analyst gives checked claims and messages, and gets the messages with their claims."""

import json

import pytest
from click.testing import CliRunner

from balai.config.cli import main
from balai.config.commands.claims import claims_command

CLAIMS = """\
{"id": 1, "text": "Air garam hangat menyembuhkan demam berdarah", "verdict": "salah"}
bukan json
{"id": "beras", "text": "Pemkot Sukamaju membagikan beras gratis", "title": null, "more": [1]}

{"id": "x"}
"""
MESSAGES = """\
{"text": "katanya demam berdarah bisa sembuh pake air garam?", "from": "grup"}
[]
{"text": "PEMKOT SUKAMAJU MEMBAGIKAN BERAS GRATIS!!! sebarkan"}

{"text": ""}
"""


@pytest.fixture
def claims(tmp_path):
    path = tmp_path / "claims.jsonl"
    path.write_text(CLAIMS, encoding="utf-8")
    return path


def match(claims, *options):
    return CliRunner().invoke(claims_command, ["match", str(claims), *options], input=MESSAGES)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_messages_come_back_in_order_with_the_claims_that_they_repeat(claims, jobs):
    done = match(claims, "--jobs", jobs)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["text"][:7] for row in rows] == ["katanya", "PEMKOT ", ""]
    assert rows[0]["from"] == "grup"
    assert rows[0]["matches"][0]["id"] == "1"
    assert rows[1]["matches"][0]["id"] == "beras"
    assert 0 <= rows[1]["matches"][0]["p"] <= 1
    assert rows[2]["matches"] == []
    assert done.exit_code == 1


def test_lines_that_cannot_be_read_are_told_by_number(claims):
    complaints = match(claims).stderr.splitlines()
    assert complaints[0].startswith("claims.jsonl: line 2: ")
    assert complaints[1].startswith("claims.jsonl: line 5: ")
    assert complaints[2].startswith("line 2: ")
    assert len(complaints) == 3


def test_a_kept_index_is_used_again_until_the_claims_change(claims, tmp_path):
    folder = tmp_path / "index"
    first = match(claims, "--index", str(folder))
    made = (folder / "claims.npz").stat().st_mtime_ns
    assert match(claims, "--index", str(folder)).stdout == first.stdout
    assert (folder / "claims.npz").stat().st_mtime_ns == made
    claims.write_text('{"id": "baru", "text": "Pemkot Sukamaju membagikan beras"}\n')
    changed = match(claims, "--index", str(folder))
    assert json.loads(changed.stdout.splitlines()[1])["matches"][0]["id"] == "baru"


def test_a_spoiled_index_is_made_anew(claims, tmp_path):
    folder = tmp_path / "index"
    first = match(claims, "--index", str(folder))
    (folder / "claims.npz").write_bytes(b"spoiled")
    again = match(claims, "--index", str(folder))
    assert again.stdout == first.stdout
    assert "made anew" in again.stderr


def test_a_model_that_is_none_is_refused_in_words(claims, tmp_path):
    model = tmp_path / "model.json"
    model.write_text("{}")
    done = match(claims, "--model", str(model))
    assert done.exit_code == 1
    assert "cannot be read" in done.stderr


def test_good_input_ends_well(tmp_path):
    path = tmp_path / "claims.jsonl"
    path.write_text('{"id": "a", "text": "Air laut jadi bensin"}\n')
    done = CliRunner().invoke(
        main, ["claims", "match", str(path)], input='{"text": "air laut bisa jadi bensin?"}\n'
    )
    assert done.exit_code == 0
    assert done.stderr == ""
