"""A channel is one folder and one line; whatever else it needs is derived from these."""

import inspect
from pathlib import Path
from xml.etree import ElementTree

import pytest

from balai.channels.catalogue import CONNECTORS
from balai.config.docs import stale, write_all

ROOT = Path(__file__).resolve().parents[2]
PROVIDERS = ROOT / "src/balai/channels/providers"
LARGEST_LOGO = 8_000
each_channel = pytest.mark.parametrize("slug", CONNECTORS)


@each_channel
def test_a_channel_lives_in_the_folder_of_its_slug(slug):
    assert Path(inspect.getfile(CONNECTORS[slug])) == PROVIDERS / slug / "connector.py"
    assert CONNECTORS[slug].slug == slug
    assert (PROVIDERS / slug / "__init__.py").read_text() == ""


@each_channel
def test_a_channel_tells_how_to_connect_it_and_when_it_was_last_checked(slug):
    page = (PROVIDERS / slug / "README.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {CONNECTORS[slug].label}")
    assert "last checked" in page.lower()


@each_channel
def test_a_logo_is_a_small_drawing_that_runs_nothing_and_fetches_nothing(slug):
    text = (PROVIDERS / slug / "logo.svg").read_text(encoding="utf-8")
    drawing = ElementTree.fromstring(text)
    assert drawing.tag.endswith("svg")
    assert drawing.get("viewBox")
    assert len(text) < LARGEST_LOGO
    for part in drawing.iter():
        assert part.tag.rpartition("}")[2] not in {"script", "foreignObject", "image", "use"}
        assert not any(name.lower().startswith("on") for name in part.attrib)


@each_channel
def test_a_channel_keeps_recorded_answers(slug):
    kept = [path for path in (PROVIDERS / slug / "fixtures").rglob("*") if path.is_file()]
    assert kept


def test_every_folder_of_a_channel_is_in_the_catalogue():
    folders = {path.parent.name for path in PROVIDERS.glob("*/connector.py")}
    assert folders == set(CONNECTORS)


def test_the_generated_documents_say_what_the_code_says():
    assert [str(path.relative_to(ROOT)) for path in stale(ROOT)] == []


def test_a_document_is_stale_until_it_is_written_and_again_when_somebody_edits_it(tmp_path):
    assert stale(tmp_path)

    written = write_all(tmp_path)

    assert stale(tmp_path) == []
    written[0].write_text(written[0].read_text() + "by hand\n")
    assert stale(tmp_path) == [written[0]]


def test_the_page_of_channels_names_every_promise_that_some_channel_keeps(tmp_path):
    page = write_all(tmp_path)[0].read_text()
    for connector in CONNECTORS.values():
        assert f"## {connector.label} (`{connector.slug}`)" in page
        for ask in connector.asks:
            assert f"`{ask.name}`" in page
