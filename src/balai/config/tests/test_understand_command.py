"""An analyst reads an export with nothing but standard input and output."""

import json

import pytest
from click.testing import CliRunner

from balai.config.commands import understanding
from balai.config.commands.understanding import understand_command
from balai.governance.models import AuditEntry
from balai.inbox.selectors import model_of
from balai.inbox.services import triage
from balai.inbox.tests.talking import hear, make_line
from balai.people.tests.make import make_institution, make_member
from balai.understanding.learning import Lesson, learn, write
from balai.understanding.reading import read
from balai.understanding.tests.test_learning import ANGRY, CALM

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


def test_many_cores_give_the_same_lines_in_the_same_order():
    lines = "".join(f'{{"text": "Lampu ke-{n} padam", "n": {n}}}\n' for n in range(5_000))
    alone, together = (
        CliRunner().invoke(understand_command, ["--jobs", jobs], input=lines) for jobs in "13"
    )
    assert together.stdout == alone.stdout
    assert [json.loads(line)["n"] for line in alone.stdout.splitlines()] == list(range(5_000))


def test_a_directory_without_packs_ends_the_command_with_words(tmp_path):
    done = CliRunner().invoke(understand_command, ["--model", str(tmp_path)], input=LINES)
    assert done.exit_code == 1
    assert "cannot be read as a model" in done.stderr
    assert done.stdout == ""


def asked(*words):
    return CliRunner().invoke(understand_command, [str(word) for word in words])


def test_a_labelled_file_is_measured_for_a_person_and_as_json(tmp_path):
    table = tmp_path / "set.csv"
    table.write_text("isi,label\nTerima kasih banyak petugas,positif\nJalan rusak parah,negatif\n")
    told = asked("eval", table, "--task", "sentiment")
    assert "macro-F1" in told.stdout
    assert "texts a second" in told.stdout
    measured = json.loads(asked("eval", table, "--task", "sentiment", "--json").stdout)
    assert measured["rows"] == 2
    assert set(measured["figures"]) == {"macro-F1", "accuracy"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "name a CSV file"),
        (("--task", "emotion"), "none of anger"),
        (("--task", "urgency", "--label-column", "x"), "there is no column x"),
        (("--task", "sentiment", "--text-column", "y"), "there is no column y"),
    ],
)
def test_what_cannot_be_measured_is_said_in_words(tmp_path, words, said):
    table = tmp_path / "set.csv"
    table.write_text("text,label\nHalo,aneh\n")
    done = asked("eval", table, *words)
    assert done.exit_code != 0
    assert said in done.stderr


def test_training_needs_to_know_from_what():
    assert "--institution" in asked("train").stderr
    assert "neither" in asked("train", "--institution", "x", "--with", "flood").stderr


@pytest.fixture
def here(settings, tmp_path, monkeypatch):
    """The commands work on the tests' own database, and keep models in a folder of their own."""
    monkeypatch.setattr(understanding, "enter", lambda home: None)
    settings.HOME.path = tmp_path / "home"


@pytest.mark.django_db
def test_an_office_teaches_uses_and_takes_back_a_model_of_its_own(here):
    institution = make_institution(slug="contoh")
    officer, line = make_member(institution, "responder"), make_line(institution)
    for text in ANGRY:
        conversation = hear(line, text, sentiment="neutral", reading=read([text])[0])
        triage(conversation, by=officer, said={"sentiment": "negative"})
    done = asked("train", "--institution", "contoh")
    assert done.exit_code == 0, done.stderr
    outcomes = [json.loads(row) for row in done.stdout.splitlines()]
    (sentiment,) = [one for one in outcomes if one["head"] == "sentiment"]
    assert sentiment["wins"]
    assert sentiment["corrections_new"] > sentiment["corrections_old"]
    assert model_of(institution).version == "office-1"
    again = asked("train", "--institution", "contoh")
    assert "office-1" in again.stderr
    assert model_of(institution).version == "office-1"
    back = asked("rollback", "--institution", "contoh", "--reason", "Coba lagi nanti")
    assert "the model that Balai brings" in back.stdout
    twice = asked("rollback", "--institution", "contoh", "--reason", "Lagi")
    assert twice.exit_code == 1
    did = AuditEntry.objects.filter(did__startswith="reading_model").order_by("number")
    assert [one.did.partition(".")[2] for one in did] == ["chosen", "kept", "taken_back"]


@pytest.mark.django_db
def test_packs_trained_elsewhere_on_the_machine_are_put_to_use(here, tmp_path):
    institution = make_institution(slug="contoh")
    told = [Lesson(text, "sentiment", "negative", True) for text in ANGRY]
    told += [Lesson(text, "sentiment", "positive", False) for text in CALM]
    write(learn(told, current=None, version="kami-1", made_on="2026-01-02").packs, tmp_path / "m")
    assert "kami-1" in asked("use", tmp_path / "m", "--institution", "contoh").stdout
    assert model_of(institution).folder == "contoh/1"
    assert "no institution is called" in asked("use", tmp_path, "--institution", "tiada").stderr
