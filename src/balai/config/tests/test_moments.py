"""Times on screens: the institution's zone, in words, in both languages."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from balai.config import moments
from balai.ground.clock import now

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Asia/Jakarta", "22 November 2026, 12.00 WIB"),
        ("Asia/Makassar", "22 November 2026, 13.00 WITA"),
        ("Asia/Jayapura", "22 November 2026, 14.00 WIT"),
    ],
)
def test_a_moment_is_said_in_the_zone_of_the_page_with_its_name(zone, words):
    with timezone.override(ZoneInfo(zone)), translation.override("id"):
        assert moments.moment(NOON) == words


def test_the_day_after_midnight_in_the_east_is_the_next_one():
    late = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
    with timezone.override(ZoneInfo("Asia/Jayapura")), translation.override("id"):
        assert moments.day(late) == "23 November 2026"
        assert moments.day(date(2026, 8, 17)) == "17 Agustus 2026"


@pytest.mark.parametrize(
    ("away", "indonesian", "english"),
    [
        (timedelta(0), "sekarang", "now"),
        (timedelta(minutes=-5), "5 menit yang lalu", "5 minutes ago"),
        (timedelta(hours=-3), "3 jam yang lalu", "3 hours ago"),
        (timedelta(days=4), "4 hari lagi", "in 4 days"),
        (timedelta(minutes=1), "1 menit lagi", "in 1 minute"),
    ],
)
def test_how_long_ago_is_said_in_both_languages(away, indonesian, english):
    at = now() + away
    with translation.override("id"):
        assert moments.ago(at) == indonesian
    with translation.override("en"):
        assert moments.ago(at) == english


def test_in_a_list_today_is_a_time_and_the_past_is_a_day():
    with timezone.override(UTC), translation.override("id"):
        today = now()
        assert moments.short(today) == today.strftime("%H.%M")
        assert moments.short(datetime(2020, 8, 17, tzinfo=UTC)) == "17 Agu 2020"


def test_nothing_is_said_of_a_moment_that_is_not_known():
    said = [
        moments.moment(None), moments.day(None), moments.ago(None), moments.short(None)
    ]  # fmt: skip
    assert said == ["", "", "", ""]
