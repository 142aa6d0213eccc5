"""Every room has a card at its door: what it is for, its words, what it stands on."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "src/balai"
ROOMS = sorted(path.parent.name for path in HOUSE.glob("*/__init__.py"))
LONGEST_CARD = 8  # lines


def card_of(room: str) -> str:
    page = ast.parse((HOUSE / room / "__init__.py").read_text(encoding="utf-8"))
    return ast.get_docstring(page) or ""


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_is_for_its_words_and_what_it_stands_on(room):
    card = card_of(room)
    assert card.lower().startswith(f"{room}: ")
    assert "\nWords: " in card
    assert "Stands on: " in card.replace("\n", " ")
    assert len(card.splitlines()) <= LONGEST_CARD


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_stands_only_on_rooms_that_exist(room):
    stands_on = re.search(r"Stands on: ([^.(]*)", card_of(room).replace("\n", " "))
    named = {name.strip() for name in stands_on[1].split(",")}
    assert named <= set(ROOMS) | {"nothing", "every room"}


@pytest.mark.parametrize("room", ROOMS)
def test_the_door_of_a_room_does_nothing_but_show_the_card(room):
    page = ast.parse((HOUSE / room / "__init__.py").read_text(encoding="utf-8"))
    assert len(page.body) == 1


def test_every_room_has_its_floor():
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    floors = next(c for c in told["contracts"] if c["name"].startswith("Floors"))
    placed = {room.strip("( )") for floor in floors["layers"] for room in floor.split("|")}
    assert placed == set(ROOMS)
