"""The sample's index of yesterday, and an assessment that is under way, made by the services."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from balai.analytics.services import recompute
from balai.config.sample.office import Office
from balai.ground.clock import now
from balai.readiness.models import Assessment
from balai.readiness.services import (
    add_evidence,
    assess,
    freeze_figures,
    plan_assessment,
    reckon,
)


def fill_readiness(told: Mapping[str, Any], office: Office) -> Assessment:
    """Reckon the index of yesterday and of a month before, and begin this year's assessment."""
    home, head = office.institution, office.members["humas"]
    recompute(home)  # the workers that keep figures up are not at work yet
    yesterday = now().astimezone(ZoneInfo(home.zone)).date() - timedelta(days=1)
    for days in (31, 0):
        reckon(home, yesterday - timedelta(days=days))
    assessors = {code: office.members[login] for code, login in told["assessors"].items()}
    row = plan_assessment(home, year=yesterday.year, last=yesterday, assessors=assessors, by=head)
    row = freeze_figures(row, by=head)
    for piece in told["evidence"]:
        by = assessors[piece["code"][0]]
        add_evidence(
            home,
            code=piece["code"],
            title=piece["title"],
            reference=piece["reference"],
            made_on=yesterday - timedelta(days=piece["days_ago"]),
            by=by,
        )
        answer = row.answers.select_related("assessment").get(code=piece["code"])
        assess(answer, claimed=piece["level"], comment=piece["comment"], by=by)
    return row
