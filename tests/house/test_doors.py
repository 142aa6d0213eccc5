"""Rooms enter each other by their doors. What import-linter cannot say, grimp does."""

import grimp
import pytest

DOORS = {"services", "selectors", "models", "events"}
OWN_DOORS = {
    "channels": {"contract"},
    "understanding": {"reading", "claims"},
    "people": {"middleware"},  # the pages of every room ask who stands before them
}
# A connector is written and tested by somebody who knows two pages.
KNOWN_TO_CONNECTORS = {
    "balai.channels.contract",
    "balai.channels.own_page",
    "balai.channels.payload",
    "balai.ground.http",
    "balai.ground.hypertext",
}


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph("balai", cache_dir=None)


def imports_of(graph):
    for importer in sorted(graph.modules):
        if is_test(importer):
            continue
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            yield importer, imported


def is_test(module: str) -> bool:
    return any(part == "tests" or part.startswith("test_") for part in module.split("."))


def room_of(module: str) -> str:
    return [*module.split("."), ""][1]


def is_door(module: str) -> bool:
    _, room, inside = [*module.split("."), "", ""][:3]
    return room == "ground" or inside in DOORS | OWN_DOORS.get(room, set())


def test_rooms_enter_each_other_by_their_doors(graph):
    wrong = [
        f"{importer} -> {imported}"
        for importer, imported in imports_of(graph)
        if room_of(importer) not in {room_of(imported), "config", ""}
        and room_of(importer) != "__main__"
        and not is_door(imported)
    ]
    assert wrong == []


def test_a_connector_knows_the_contract_and_the_http_of_the_ground_and_nothing_else(graph):
    wrong = []
    for importer, imported in imports_of(graph):
        parts = importer.split(".")
        if parts[1:3] != ["channels", "providers"] or len(parts) < 4:
            continue
        mine = ".".join(parts[:4])
        known = KNOWN_TO_CONNECTORS | {"balai.channels.providers", mine}
        if imported not in known and not imported.startswith(f"{mine}."):
            wrong.append(f"{importer} -> {imported}")
    assert wrong == []


def test_nothing_stands_on_the_tests(graph):
    wrong = [pair for pair in imports_of(graph) if is_test(pair[1])]
    assert wrong == []
