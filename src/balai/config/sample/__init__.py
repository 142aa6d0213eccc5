"""The sample institution of `balai demo`: a fictional regency with a week of conversations.

Everything in `data/` was written for it. No name is that of a real place, office or person.
"""

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from balai.config.sample.cases import fill_cases
from balai.config.sample.citizens import fill_citizens
from balai.config.sample.desk import fill_desk
from balai.config.sample.library import fill_library
from balai.config.sample.office import PASSWORD, address, found
from balai.config.sample.plan import plan
from balai.config.sample.portal import fill_false_accounts
from balai.config.sample.publishing import fill_publishing
from balai.config.sample.readiness import fill_readiness
from balai.config.sample.surveys import fill_surveys
from balai.config.sample.teamwork import fill_teamwork
from balai.config.sample.week import Week
from balai.governance.selectors import calendar_of, target
from balai.ground.clock import now
from balai.people.models import Institution, Member, Role

DATA = Path(__file__).parent / "data"


def make(home: Path) -> None:
    """Make the sample, wholly or not at all; does nothing when it is there."""
    if Institution.objects.filter(is_sample=True).exists():
        return
    with transaction.atomic():
        office = found(tomllib.loads((DATA / "office.toml").read_text("utf-8")), home)
        institution = office.institution
        fill_library(tomllib.loads((DATA / "library.toml").read_text("utf-8"))["article"], office)
        fill_false_accounts(office)
        limits = {
            "complaint": target(institution, "complaint_first_response").limit,
            "question": target(institution, "question_first_response").limit,
        }
        steps = plan(
            threads(), calendar_of(institution), limits=limits, zone=institution.zone, now=now()
        )
        Week(office).live(steps)
        fill_desk(office)
        fill_cases(tomllib.loads((DATA / "cases.toml").read_text("utf-8"))["case"], office)
        fill_citizens(office)
        fill_teamwork(office)
        fill_surveys(office)
        fill_publishing(tomllib.loads((DATA / "publishing.toml").read_text("utf-8")), office)
        fill_readiness(tomllib.loads((DATA / "readiness.toml").read_text("utf-8")), office)


def threads() -> list[dict[str, Any]]:
    """Every conversation of the sample, as it is written down."""
    files = sorted((DATA / "talk").glob("*.toml"))
    return [
        thread
        for file in files
        for thread in tomllib.loads(file.read_text("utf-8"))["thread"]
    ]  # fmt: skip


def welcome(address_of_pages: str) -> str:
    """What `balai demo` prints: where to look, and as whom one can sign in."""
    members = Member.objects.filter(institution__is_sample=True, left_at=None)
    rows = []
    for member in members.select_related("institution").order_by("pk"):
        roles = member.grants.filter(ended_at=None).values_list("role", flat=True)
        named = ", ".join(str(Role(role).label).lower() for role in sorted(roles))
        rows.append(f"  {member.user.email:<28} {member.name:<22} {named}")
    institution = Institution.objects.get(is_sample=True)
    return "\n".join(
        [
            "",
            f"Balai: {address_of_pages}/   ({institution.name}, a fictional regency)",
            "",
            *rows,
            "",
            f"Password of all: {PASSWORD}",
            f"Begin as {address('petugas')}. Never enter real data here.",
            "",
            "",
        ]
    )
