"""Plain functions that make figures for tests of the public pages."""

from datetime import timedelta
from typing import Any

from balai.analytics.models import DailyMeasure, Dimension, Upkeep
from balai.ground.clock import now
from balai.people.models import Institution


def make_day(
    institution: Institution, *, days_ago: int = 1, dimension: str = Dimension.ALL, key: str = "",
    **counts: Any,
) -> DailyMeasure:  # fmt: skip
    """One kept day of rollups."""
    on = now().date() - timedelta(days=days_ago)
    return DailyMeasure.objects.create(
        institution_id=institution.pk, on=on, dimension=dimension, key=key, formula=1, **counts
    )


def make_upkeep(institution: Institution) -> Upkeep:
    """The rollups are whole."""
    return Upkeep.objects.create(institution=institution, formula=1, is_complete=True)
