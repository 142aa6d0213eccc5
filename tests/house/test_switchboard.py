"""Nothing is announced that the switchboard does not name; no sweep is forgotten."""

import importlib
import inspect
from pathlib import Path

from balai.config.switchboard import HEARD_BY
from balai.config.timetable import ROLES, TIMETABLE
from balai.ground.events import Event

HOUSE = Path(__file__).resolve().parents[2] / "src/balai"


def modules(pattern: str) -> list:
    names = (path.relative_to(HOUSE.parent).with_suffix("") for path in HOUSE.glob(pattern))
    return [importlib.import_module(".".join(name.parts)) for name in sorted(names)]


def announced() -> set[type[Event]]:
    return {
        thing
        for module in modules("*/events.py")
        for _, thing in inspect.getmembers(module, inspect.isclass)
        if issubclass(thing, Event) and thing is not Event
    }


def test_every_fact_of_the_house_has_a_line_in_the_switchboard():
    assert {event.__name__ for event in announced() - set(HEARD_BY)} == set()


def test_the_switchboard_names_no_fact_that_nobody_announces():
    assert set(HEARD_BY) <= announced()


def test_facts_have_names_of_their_own_because_they_are_found_by_name():
    names = [event.__name__ for event in announced()]
    assert len(names) == len(set(names))


def test_who_hears_a_fact_is_a_reaction_of_a_room():
    for hearers in HEARD_BY.values():
        for hearer in hearers:
            assert hearer.__module__.endswith(".reactions") or hearer.__name__ == "<lambda>"


def test_every_sweep_of_a_room_is_in_the_timetable():
    sweeps = {
        f"{module.__name__}.{name}"
        for module in modules("*/sweeps.py")
        for name, thing in inspect.getmembers(module, inspect.isfunction)
        if thing.__module__ == module.__name__ and not name.startswith("_")
    }
    assert sweeps - {turn.name for turn in TIMETABLE} == set()


def test_a_turn_has_a_role_a_rest_and_hands():
    for turn in TIMETABLE:
        assert turn.role in ROLES
        assert turn.every.total_seconds() > 0
        assert turn.hands >= 1
