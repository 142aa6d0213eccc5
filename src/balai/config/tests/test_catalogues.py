"""The catalogue of the screens' words is whole, and its check sees what is not."""

import pytest
from babel.messages.catalog import Catalog

from balai.config import catalogues


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A small house of its own: one page, and a catalogue that is still empty."""
    monkeypatch.setattr(catalogues, "PACKAGE", tmp_path)
    page = tmp_path / "room" / "templates" / "page.html"
    page.parent.mkdir(parents=True)
    page.write_text(
        '{% load i18n %}{% translate "Open" %}'
        "{% blocktranslate count n=n %}{{ n }} letter{% plural %}{{ n }} letters"
        "{% endblocktranslate %}",
    )
    code = tmp_path / "room" / "code.py"
    code.write_text("_('Hello, %(name)s.')\nngettext('%(n)d day', '%(n)d days', 2)\n")
    row = tmp_path / "room" / "jinja2" / "row.jinja"
    row.parent.mkdir()
    row.write_text("{{ gettext('Late') }}{% trans %}Soon{% endtrans %}")
    return tmp_path


def words(catalog: Catalog) -> set[str]:
    return {m.id if isinstance(m.id, str) else m.id[0] for m in catalog if m.id}


def translate(**found: str) -> None:
    catalog = catalogues.read("room", "id")
    for message in catalog:
        if isinstance(message.id, tuple):
            message.string = ("%(n)s",) if "%(n)s" in message.id[0] else ("%(n)d",)
        elif message.id:
            message.string = found.get(message.id.split(",")[0], "kata")
    catalogues.write("room", "id", catalog)


def test_every_word_of_this_house_has_its_indonesian_and_is_compiled():
    assert catalogues.problems() == []


def test_words_are_gathered_from_code_and_from_both_kinds_of_templates(elsewhere):
    found = {"Open", "%(n)s letter", "Hello, %(name)s.", "%(n)d day", "Late", "Soon"}
    assert words(catalogues.gather("room")) == found


def test_what_is_new_is_missed_until_somebody_translates_it(elsewhere):
    assert any("not in the catalogue" in line for line in catalogues.problems())
    assert catalogues.update() == 6
    assert all("not translated" in line for line in catalogues.problems())
    translate(Hello="Halo, %(name)s.")
    assert catalogues.problems() == []


def test_a_placeholder_that_was_lost_is_a_problem(elsewhere):
    catalogues.update()
    translate(Hello="Halo.")
    assert catalogues.problems() == [
        "room, id: other placeholders than in English: Hello, %(name)s.",
    ]


def test_a_word_that_no_screen_says_any_more_is_a_problem_and_is_taken_out(elsewhere):
    catalogues.update()
    translate(Hello="Halo, %(name)s.")
    (elsewhere / "room" / "code.py").write_text("_('Hello, %(name)s.')\n")
    assert any("no screen says this any more" in line for line in catalogues.problems())
    catalogues.update()
    assert catalogues.problems() == []


def test_two_rooms_that_translate_the_same_words_differently_are_a_problem(elsewhere):
    catalogues.update()
    translate(Hello="Halo, %(name)s.")
    other = elsewhere / "other" / "code.py"
    other.parent.mkdir()
    other.write_text("_('Late')\n")
    catalogues.update("other")
    catalog = catalogues.read("other", "id")
    catalog.get("Late").string = "Telat"
    catalogues.write("other", "id", catalog)
    assert catalogues.problems() == [
        "id: other and room differ in: Late (or give it a context)",
    ]


def test_a_catalogue_that_was_edited_and_not_compiled_is_a_problem(elsewhere):
    catalogues.update()
    translate(Hello="Halo, %(name)s.")
    po = elsewhere / "room" / "locale" / "id" / "LC_MESSAGES" / "django.po"
    po.write_text(po.read_text().replace("Halo", "Hai"))
    assert catalogues.problems() == [
        "room, id: the catalogue is not compiled (run: python -m balai.config.catalogues room)"
    ]
