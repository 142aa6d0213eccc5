"""Intent and urgency by packs, and by rules alone where no pack fits the word lists."""

import logging

import pytest

from balai.understanding import cues, packs, weighing
from balai.understanding.reading import Reader
from balai.understanding.tagging import tagger

ALARM = "Tolong, rumah kami kebakaran, ada anak di dalam!"


def test_the_packaged_packs_fit_the_packaged_word_lists():
    signs = weighing.signs_of(cues.load())
    fitting = {pack.card.head.name for pack in packs.load() if pack.card.head.cues == signs}
    assert fitting == {"intent", "urgency"}


def test_a_reading_names_the_packs_the_rules_and_the_tagger():
    named = Reader().read(["halo"])[0].model.split("+")
    assert {pack.card.version for pack in packs.load()} < set(named)
    assert named[-1] == tagger.version()
    assert any(one.startswith("rules-") for one in named)


@pytest.fixture
def newer_lists(monkeypatch):
    """Word lists with one group more than the packs were trained with."""
    bundled = cues.Cues
    monkeypatch.setattr(
        cues, "Cues", lambda known: bundled({**known, "danger.newer": ["lahar dingin"]})
    )


def test_where_no_pack_fits_the_rules_read_on_without_a_p_and_the_log_says_so_once(
    newer_lists, caplog
):
    with caplog.at_level(logging.ERROR):
        reader = Reader()
        alarm, greeting = reader.read([ALARM, "halo"])
        reader.read([ALARM])
    assert (alarm.intent.value, alarm.intent.p) == ("report_emergency", None)
    assert (alarm.urgency.value, alarm.urgency.p) == ("danger", None)
    assert (greeting.intent.value, greeting.urgency.value) == (None, "normal")
    assert len([one for one in caplog.records if "no pack" in one.message]) == 1
