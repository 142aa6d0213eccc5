"""Which target a clock has for an institution on a day, and which pack says so."""

import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path

from balai.governance.models import LocalTarget
from balai.governance.rules.calendar import ZONES
from balai.governance.rules.targets import Pack, Target, pack_on, read_pack, stricter, target_on
from balai.ground.clock import now
from balai.people.models import Institution

FOLDER = Path(__file__).resolve().parent.parent / "packs"


@lru_cache(maxsize=1)
def packs() -> tuple[Pack, ...]:
    """Every rule pack that ships with this version. Raises PackTrouble for a damaged file."""
    files = sorted(FOLDER.glob("*.toml"))
    return tuple(read_pack(tomllib.loads(file.read_text("utf-8"))) for file in files)


def pack_in_force(instrument: str, on: date) -> Pack | None:
    """The pack of an instrument on a day; None when none is in force."""
    return pack_on(packs(), instrument, on)


def target(institution: Institution, clock: str, on: date | None = None) -> Target:
    """The target of a clock for the institution on a day (today there). Raises NoTarget.

    An institution's own target holds from its day on, where it is stricter than the pack's.
    """
    on = on or now().astimezone(ZONES[institution.zone]).date()
    pack_target = target_on(packs(), clock, on)
    own = (
        LocalTarget.objects.filter(institution=institution, clock=clock, since_on__lte=on)
        .order_by("-since_on")
        .first()
    )
    if own is None or own.limit >= pack_target.limit:
        return pack_target
    return stricter(pack_target, own.limit, own.decree)


def targets_of(institution: Institution, on: date | None = None) -> list[Target]:
    """The target of every clock that has one on that day, by clock."""
    on = on or now().astimezone(ZONES[institution.zone]).date()
    clocks = {clock for pack in packs() if pack.is_in_force(on) for clock in pack.targets}
    return [target(institution, clock, on) for clock in sorted(clocks)]
