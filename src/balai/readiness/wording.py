"""Readiness' codes in words for a person. Nothing is decided here."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from balai.readiness.rules.figures import Figure, two_places
from balai.readiness.rules.stoc import Measure

Words = str | Promise

REASONS: dict[str, Words] = {
    "": "",
    "too_few": _("Too few cases to say anything."),
    "no_posts": _("No posts are recorded in Balai yet."),
    "no_licences": _("Licences and source files are not recorded in Balai yet."),
    "no_acts": _("Official acts and data releases are not recorded in Balai yet."),
    "no_segments": _("No groups of citizens are described in Balai yet."),
    "no_packs": _("No content packs are recorded in Balai yet."),
    "no_datasets": _("No data sets are recorded in Balai yet."),
    "no_documents": _("No mandatory documents are recorded in Balai yet."),
    "no_cases": _("No cases are recorded in Balai yet."),
    "no_requests": _("The register of information requests is not kept in Balai yet."),
    "no_contracts": _("No communication contracts are recorded in Balai yet."),
    "no_series": _("No published series are recorded in Balai yet."),
    "no_ideas": _("No ideas or consultations are recorded in Balai yet."),
    "no_partners": _("No partners are recorded in Balai yet."),
    "no_budget": _("No spending is recorded in Balai yet."),
    "no_counter": _("Only one of counter and digital lines has taken anything in."),
    "no_survey": _("No satisfaction survey was published yet."),
    "no_appeals": _("Objections to moderation are not recorded in Balai yet."),
    "nothing_recorded": _("Nothing of this is recorded in Balai yet."),
}
STAGES: dict[int, Words] = {
    0: _("No stage is reached yet."),
    1: _("Stage 1: citizens are informed."),
    2: _("Stage 2: citizens take part."),
    3: _("Stage 3: citizens are served where they are."),
}
MODES: dict[str, Words] = {
    "auto": _("computed"),
    "hybrid": _("computed and proven"),
    "attested": _("proven"),
}
PROOFS: dict[str, Words] = {
    "none": _("no evidence: level 1"),
    "live": _("evidence is valid"),
    "expired": _("evidence has expired: one level less"),
    "failed": _("the sample did not hold: level 1"),
}
DEEDS: dict[str, Words] = {
    "assessment.planned": _("Planned"),
    "assessment.collecting": _("Figures frozen"),
    "assessment.self_assessed": _("Handed to the auditor"),
    "assessment.returned": _("Returned"),
    "assessment.attested": _("Attested"),
    "assessment.discussed": _("Discussed"),
    "assessment.signed": _("Signed"),
    "assessment.published": _("Published"),
    "assessment.superseded": _("Superseded"),
}
# Signals that are no share: how their value is written.
UNITS: dict[str, Callable[[str], str]] = {
    "hours_to_post": lambda n: _now("%(hours)s h") % {"hours": n},
    "median_response": lambda n: _now("%(minutes)s min") % {"minutes": n},
    "contributors": str,
    "ikm": str,
}


def in_language(told: Mapping[str, Any], stem: str = "") -> str:
    """The words of an instrument's row in the reader's language, else in Indonesian."""
    language = (get_language() or "id")[:2]
    key = f"{stem}_{language}" if stem else language
    return str(told.get(key) or told[f"{stem}_id" if stem else "id"])


def points(value: Fraction | None) -> str:
    """A score of 0-100 with two decimals; empty where there is none."""
    return "" if value is None else number_format(two_places(value), 2)


def value_words(measure: Measure, figure: Figure) -> str:
    """What was measured in its unit, a share in percent; empty where nothing is known."""
    value = figure.value
    if value is None:
        return ""
    unit = UNITS.get(measure.signal)
    return percent(value) if unit is None else unit(number_format(two_places(value), 2))


def percent(share: Fraction) -> str:
    """ "72,7 %"."""
    return f"{number_format(two_places(100 * share), 1)} %"


def cases(figure: Figure) -> str:
    """Numerator and denominator as they were counted; empty where nothing was."""
    if figure.numerator is None or not figure.denominator:
        return ""
    return f"{_count(figure.numerator)} / {_count(figure.denominator)}"


def _count(number: Fraction) -> str:
    if number.denominator == 1:
        return number_format(number.numerator)
    return percent(number) if number <= 1 else number_format(two_places(number), 2)
