"""The fictional regency itself: units, people, hours, accounts and lines, through the services."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from balai.channels.models import Connection
from balai.channels.services import connect
from balai.governance.models import Holiday
from balai.governance.services import enter_holiday, set_local_target, set_service_hours
from balai.ground.clock import now
from balai.people.models import Institution, Member, Unit, User
from balai.people.services import add_member, add_unit, found_institution, lend_role
from balai.registry.models import OfficialAccount
from balai.registry.services import (
    activate_account,
    approve_account,
    register_account,
    request_account,
    retire_account,
    verify_account,
)

DOMAIN = "contoh.test"  # RFC 2606: no mail ever arrives there
PASSWORD = "sirih-pinang-8"  # noqa: S105 - printed by `balai demo`, good for nothing else

Told = Mapping[str, Any]


@dataclass(frozen=True)
class Office:
    """What the week needs of it, by the names in the data."""

    institution: Institution
    units: Mapping[str, Unit]
    members: Mapping[str, Member]
    lines: Mapping[str, Connection]


def found(told: Told, home: Path) -> Office:
    """Found the institution that office.toml tells of; its networks are folders in `home`."""
    about = told["institution"]
    admin = found_institution(
        name=about["name"],
        slug=about["slug"],
        kind=about["kind"],
        zone=about["zone"],
        admin_email=address(about["admin"]["login"]),
        admin_name=about["admin"]["name"],
        admin_password=PASSWORD,
        is_sample=True,
    )
    units = _units(told["units"], admin)
    members = {about["admin"]["login"]: admin, **_members(told["people"], units, admin)}
    _calendar(told, admin)
    _loan(told["loan"], members)
    lines = {name: _line(line, units, members, home) for name, line in told["lines"].items()}
    for account in told["accounts"]:
        _account(account, units, members)
    return Office(admin.institution, units, members, lines)


def address(login: str) -> str:
    """The e-mail address with which somebody of the sample signs in."""
    return f"{login}@{DOMAIN}"


def _units(told: Told, admin: Member) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for code, unit in told.items():
        units[code] = add_unit(
            institution=admin.institution,
            name=unit["name"],
            code=code,
            parent=units.get(unit.get("under", "")),
            by=admin,
        )
    return units


def _members(told: Told, units: Mapping[str, Unit], admin: Member) -> dict[str, Member]:
    members = {
        login: add_member(
            institution=admin.institution,
            email=address(login),
            name=person["name"],
            roles=person["roles"],
            unit=units.get(person.get("unit", "")),
            by=admin,
        )
        for login, person in told.items()
    }
    # One public password, so one hash: two dozen would cost the first start several seconds.
    users = User.objects.filter(memberships__in=list(members.values()))
    users.update(password=admin.user.password)
    return members


def _calendar(told: Told, admin: Member) -> None:
    institution, about = admin.institution, told["institution"]
    today = now().date()
    set_service_hours(
        institution=institution,
        hours=[
            (day, line["opens"], line["closes"]) for line in about["hours"] for day in line["days"]
        ],
        decree=about["hours_decree"],
        by=admin,
    )
    enter_holiday(
        institution=institution,
        on=today + timedelta(days=told["holiday"]["in_days"]),
        kind=Holiday.Kind.LOCAL,
        name=told["holiday"]["name"],
        decree=told["holiday"]["decree"],
        by=admin,
    )
    set_local_target(
        institution=institution,
        clock=told["target"]["clock"],
        limit=told["target"]["limit"],
        decree=told["target"]["decree"],
        since_on=today - timedelta(days=30),
        by=admin,
    )


def _loan(told: Told, members: Mapping[str, Member]) -> None:
    lender = members[told["lender"]]
    lend_role(
        lender=lender,
        deputy=members[told["deputy"]],
        role=told["role"],
        starts_at=now(),
        ends_at=now() + timedelta(days=7),
        reason=told["reason"],
        by=lender,
    )


def _line(
    told: Told, units: Mapping[str, Unit], members: Mapping[str, Member], home: Path
) -> Connection:
    keeper = members["kanal"]
    if "handle" not in told:  # a page of ours: no network, no account
        return connect(
            institution=keeper.institution,
            channel=told["channel"],
            name=told["name"],
            answers={},
            by=keeper,
        )
    # The network is a folder. It is called like the account, since that is whom the line meets.
    folder = home / "sample" / told["handle"]
    folder.mkdir(parents=True, exist_ok=True)
    account = _account({**told, "state": "active", "platform_user_id": str(folder)}, units, members)
    return connect(
        institution=keeper.institution,
        channel=told["channel"],
        name=told["name"],
        answers={"folder": str(folder)},
        account=account,
        by=keeper,
    )


def _account(
    told: Told, units: Mapping[str, Unit], members: Mapping[str, Member]
) -> OfficialAccount:
    """Walk an account as far as its state: asked for by one person, approved by another."""
    keeper, approver = members["kanal"], members["humas"]
    account = request_account(
        institution=keeper.institution,
        channel=told["channel"],
        handle=told["handle"],
        owner_unit=units[told["owner"]],
        first_contact=keeper,
        second_contact=members["petugas"],
        by=keeper,
    )
    if told["state"] == "requested":
        return account
    account = register_account(approve_account(account, by=approver), by=keeper)
    account = verify_account(
        account,
        platform_user_id=told["platform_user_id"],
        proof="Masuk bersama di depan kedua narahubung",
        by=keeper,
    )
    account = activate_account(account, by=keeper)
    if told["state"] == "retired":
        account = retire_account(account, by=keeper, reason=told["reason"])
    return account
