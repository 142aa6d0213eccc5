"""Pictures of figures: escaped, described, and with gaps where nothing is known."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from balai.ground.charts import HEIGHT, Bar, Point, bar_chart, line_chart

TOLD = {"name": "x", "title": "Judul", "description": "Uraian"}
SVG = "{http://www.w3.org/2000/svg}"
words = st.text("aZé0 <>&\"'%{}", max_size=12)


def drawn(markup):
    return ElementTree.fromstring(f'<r xmlns="http://www.w3.org/2000/svg">{markup}</r>')[0]


def test_a_picture_says_its_title_and_what_it_shows():
    picture = drawn(line_chart([Point("Jan", 40), Point("Feb", 60)], **TOLD))
    assert picture.get("role") == "img"
    assert picture.find(f"{SVG}title").text == "Judul"
    assert picture.find(f"{SVG}desc").text == "Uraian"


def test_what_is_not_known_leaves_a_gap_and_no_nought():
    points = [Point("a", 10), Point("b", 20), Point("c", None), Point("d", 30), Point("e", 40)]
    picture = drawn(line_chart(points, **TOLD))
    assert len(picture.findall(f"{SVG}polyline")) == 2
    assert len(picture.findall(f"{SVG}circle")) == 4
    bars = drawn(bar_chart([Bar("S", None, "belum"), Bar("T", 0, "0")], **TOLD))
    assert [r.get("class") for r in bars.findall(f"{SVG}rect")] == [
        "chart-whole is-unknown", "chart-whole", "chart-part",
    ]  # fmt: skip


def test_numbers_of_a_picture_have_no_decimal_comma():
    from django.utils import translation

    with translation.override("id"):
        picture = line_chart([Point("a", 33.3), Point("b", 66.6), Point("c", 1)], **TOLD)
    assert "," not in drawn(picture).find(f"{SVG}circle").get("cx")
    assert all(
        part.isdigit()
        for part in drawn(picture).find(f"{SVG}polyline").get("points").replace(",", " ").split()
    )


@given(words, st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), max_size=14))
def test_no_word_and_no_number_leaves_the_picture(text, values):
    told = {"name": "x", "title": text, "description": text}
    picture = drawn(line_chart([Point(text, value) for value in values], **told))
    assert picture.find(f"{SVG}title").text in (text, None)
    assert all(0 <= int(dot.get("cy")) <= HEIGHT for dot in picture.findall(f"{SVG}circle"))
    drawn(bar_chart([Bar(text, value, text) for value in values], **told))
