"""Whose figures a member may read: everybody's, those of some units, and always their own."""

from dataclasses import dataclass

from balai.people.models import Member
from balai.people.selectors import Reach, reach_of


@dataclass(frozen=True)
class Reader:
    """How far somebody sees. A person's figures are for that person and whoever leads them."""

    member: Member
    figures: Reach
    people: Reach

    @property
    def sees_all(self) -> bool:
        return self.figures.everywhere

    @property
    def unit_ids(self) -> frozenset[int]:
        return self.figures.unit_ids

    def may_see_member(self, member_id: int, unit_id: int | None) -> bool:
        """Whether the figures of an officer, who belongs to that unit, are for this reader."""
        return (
            member_id == self.member.pk
            or self.people.everywhere
            or (unit_id is not None and unit_id in self.people.unit_ids)
        )


def reader_of(member: Member) -> Reader:
    """What the matrix gives the member (people.rules: report.view, person_report.view)."""
    home = member.institution_id
    return Reader(
        member, reach_of(member, "report.view", home), reach_of(member, "person_report.view", home)
    )
