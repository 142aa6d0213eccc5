"""Makes packs from recipes: `train(data, out, seed)`; never imported by serving."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from balai.understanding import corpora, packs
from balai.understanding.fitting import Recipe
from balai.understanding.packs import Card
from balai.understanding.recipes import RECIPES


class UnknownRecipeError(ValueError):
    """No recipe bears this name; the words list those that exist."""


def train(
    data: Path | None,
    out: Path,
    seed: int,
    *,
    names: Sequence[str] = (),
    version: str = "core-2",
    made_on: date | None = None,
) -> list[Card]:
    """Write one pack a recipe into the directory `out` and give their cards.

    Without `names` these are the recipes whose packs Balai may ship; with them, the named ones and
    those of the named groups, in the order of `RECIPES`.
    `made_on` is the date that the cards shall carry; without one it is today's.
    """
    folder = corpora.folder(data)
    day = (made_on or datetime.now(UTC).date()).isoformat()
    chosen = list(_chosen(names))
    out.mkdir(parents=True, exist_ok=True)
    return [_write(recipe, folder, out, seed, day, version) for recipe in chosen]


def _chosen(names: Sequence[str]) -> Iterable[Recipe]:
    if not names:
        return (recipe for recipe in RECIPES if recipe.may_be_shipped)
    known = dict.fromkeys(
        name for recipe in RECIPES for name in (recipe.group, recipe.name) if name
    )
    for name in names:
        if name not in known:
            raise UnknownRecipeError(f"no recipe is called {name}; there are {', '.join(known)}")
    return [recipe for recipe in RECIPES if {recipe.name, recipe.group} & set(names)]


def _write(recipe: Recipe, folder: Path, out: Path, seed: int, day: str, version: str) -> Card:
    head = recipe.train(folder, seed)
    card, packed = head.packed(seed=seed, made_on=day, version=version)
    (out / f"{head.name}{packs.ENDING}").write_bytes(packed)
    return card
