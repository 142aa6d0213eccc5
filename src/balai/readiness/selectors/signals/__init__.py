"""What the house counts: a signal's name, and the function that counts it from lower rooms' rows.

A measure or an indicator asks for a signal by name. A signal that is not here has nothing recorded
behind it, and WHY_ABSENT says what is missing. A room that comes later adds its functions here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from balai.people.models import Member
from balai.readiness.rules.figures import Figure, absent
from balai.readiness.selectors.signals import (
    answering,
    governing,
    leading,
    matters,
    moderating,
    posts,
    staffing,
)
from balai.readiness.selectors.signals.window import CountedRow, Window

__all__ = ["SIGNALS", "WHY_ABSENT", "CountedRow", "Signal", "Window", "figure", "rows"]


@dataclass(frozen=True)
class Signal:
    """How a thing is counted, and which rows of it a member may open (failing ones first)."""

    count: Callable[[Window, int], Figure]
    rows: Callable[[Window, Member, int], list[CountedRow]] | None = None


SIGNALS: Mapping[str, Signal] = {
    "answered_in_time": Signal(answering.in_time, answering.rows_in_time),
    "places_alike": Signal(answering.places_alike, answering.rows_of_places),
    "ended_undisputed": Signal(answering.ended_undisputed, answering.rows_disputed),
    "moderation_sound": Signal(moderating.sound, moderating.rows),
    "leader_weeks": Signal(leading.weeks, leading.rows),
    "posts_with_source": Signal(posts.with_source, posts.rows_with_source),
    "posts_dialogue": Signal(posts.dialogue, posts.rows_dialogue),
    "posts_accessible": Signal(posts.accessible, posts.rows_accessible),
    "posts_separated": Signal(posts.separated, posts.rows_separated),
    "errors_corrected": Signal(posts.errors_corrected, posts.rows_of_errors),
    "cases_traced": Signal(matters.traced, matters.rows_traced),
    "cases_of_units": Signal(matters.of_units, matters.rows_of_units),
    "cases_joint": Signal(matters.joint, matters.rows_joint),
    "places_pace": Signal(governing.places_pace),
    "counter_alike": Signal(governing.counter_alike),
    "moderation_cited": Signal(governing.moderation_cited, moderating.rows),
    "clocks_met": Signal(governing.clocks_met, matters.rows_of_units),
    "median_response": Signal(governing.median_response, answering.rows_in_time),
    "reopened": Signal(governing.reopened, answering.rows_disputed),
    "ikm": Signal(governing.satisfaction),
    "roles_filled": Signal(staffing.roles_filled, staffing.rows),
}

# A code of wording.REASONS for each signal that nothing stands behind yet.
WHY_ABSENT: Mapping[str, str] = {
    "items_open": "no_licences",
    "hours_to_post": "no_acts",
    "segments_served": "no_segments",
    "packs_reused": "no_packs",
    "datasets_current": "no_datasets",
    "mandatory_documents": "no_documents",
    "policy_current": "no_documents",
    "requests_in_time": "no_requests",
    "contracts_disclosed": "no_contracts",
    "series_with_method": "no_series",
    "ideas_decided": "no_ideas",
    "ideas_delivered": "no_ideas",
    "partners_active": "no_partners",
    "spend_demand": "no_budget",
    "appeals": "no_appeals",
    "contributors": "nothing_recorded",
    "features_live": "nothing_recorded",
    "public_promises": "nothing_recorded",
    "findings_closed": "nothing_recorded",
    "confirmed_by_citizens": "nothing_recorded",
    "cost_ratio": "nothing_recorded",
    "service_starts": "nothing_recorded",
    "spend_with_outcome": "no_budget",
}


def figure(name: str, asked: Window, n_min: int) -> Figure:
    """The figure of a signal in a window; `not_applicable` where nothing of it is recorded."""
    known = SIGNALS.get(name)
    if known is None:
        return absent(WHY_ABSENT.get(name, "nothing_recorded"))
    return known.count(asked, n_min)


def rows(name: str, asked: Window, reader: Member, limit: int) -> list[CountedRow]:
    """The rows behind a signal that the reader may open, failing ones first."""
    known = SIGNALS.get(name)
    return known.rows(asked, reader, limit) if known is not None and known.rows else []
