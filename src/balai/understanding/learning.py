"""What an office's corrections teach: packs moved towards them, kept only where they win.

A correction says what a text is; a confirmation, that a person looked and let the reading stand. A
head learns by the least change of its weights that explains both (logistic loss, the change itself
is what is kept small), so it starts as good as the one that Balai brings and needs none of its
sets. Every third text by its own hash is never learnt from and judges old against new.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from balai.understanding import cues, features, packs, weighing
from balai.understanding.model import Model
from balai.understanding.packs import Floats, Pack, SetCard
from balai.understanding.reading import Reader
from balai.understanding.rules import AIMED_WITHIN, DISGUISED, Rules
from balai.understanding.words import Words

FEWEST = 8
"""Corrections held back that a head needs before old and new can be told apart at all."""
MAY_LOSE = 0.005
"""Share of the confirmations, and points of the frozen validation, that a winner may lose."""
_HOLD_BACK = 3  # every third text
_CONFIRMED_WEIGHT = 0.5  # many are read in passing; a correction was somebody's decision
_STRENGTH = 10.0  # C of the change, as of the regressions that made the heads
_STEPS = 60


class Lesson(NamedTuple):
    """What a person said of a text: `label` of the head; `corrected` is False for a confirmation.

    The text carries no personal data any more: who gathers lessons masks them.
    """

    text: str
    head: str
    label: str
    corrected: bool


class Frozen(NamedTuple):
    """Texts and labels that a head was validated on when it was made."""

    texts: Sequence[str]
    labels: Sequence[str]


class Outcome(msgspec.Struct, frozen=True):
    """How the new head did against the old one; shares of right answers, None where none asked."""

    head: str
    learnt: int
    held_back: int
    corrections_old: float | None
    corrections_new: float | None
    confirmed_old: float | None
    confirmed_new: float | None
    frozen_old: float | None
    frozen_new: float | None
    wins: bool
    why: str


class Learnt(NamedTuple):
    """The outcomes of all heads, and the packs to use from now on: empty where nothing won."""

    outcomes: list[Outcome]
    packs: list[Pack]


def learn(
    lessons: Iterable[Lesson],
    *,
    current: Path | None,
    version: str,
    made_on: str,
    frozen: dict[str, Frozen] | None = None,
) -> Learnt:
    """Teach every head that lessons speak of; `current` is the model in use, None the packaged one.

    A new head wins when the whole reader, with it, is right on more of the held-back corrections,
    and on no fewer confirmations nor frozen texts than `MAY_LOSE` allows. It learns from the
    packaged head, so that years of learning do not drift; what `current` has besides stays as it
    is. Raises BrokenModelError.
    """
    now = {pack.card.head.name: pack for pack in packs.load(current)}
    shipped = {pack.card.head.name: pack for pack in packs.load()}
    own = {name: pack for name, pack in now.items() if pack.card != _card(shipped.get(name))}
    by_head: dict[str, list[Lesson]] = {}
    for lesson in lessons:
        pack = now.get(lesson.head)
        if pack and pack.card.head.kind == "one_of" and lesson.label in pack.card.head.labels:
            by_head.setdefault(lesson.head, []).append(lesson)
    new = {
        name: moved(shipped.get(name, now[name]), _teaching(told), version, made_on)
        for name, told in sorted(by_head.items())
        if _enough(told)
    }
    with TemporaryDirectory() as folder:
        write(list((own | new).values()), Path(folder))
        before, after = Reader(current), Reader(Path(folder) if own | new else None)
        outcomes = [
            _contest(name, told, (frozen or {}).get(name), before, after if name in new else None)
            for name, told in sorted(by_head.items())
        ]
    chosen = {one.head: new[one.head] for one in outcomes if one.wins}
    return Learnt(outcomes, list((own | chosen).values()) if chosen else [])


def _card(pack: Pack | None) -> packs.Card | None:
    return pack.card if pack else None


def held_back(text: str) -> bool:
    """Whether a text judges and never teaches: always the same answer for the same text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()[0] % _HOLD_BACK == 0


def _teaching(lessons: Sequence[Lesson]) -> list[Lesson]:
    return [one for one in lessons if not held_back(one.text)]


def _enough(lessons: Sequence[Lesson]) -> bool:
    corrected = [held_back(one.text) for one in lessons if one.corrected]
    return sum(corrected) >= FEWEST and not all(corrected)


def _contest(
    head: str,
    lessons: Sequence[Lesson],
    frozen: Frozen | None,
    before: Reader,
    after: Reader | None,
) -> Outcome:
    judging = [one for one in lessons if held_back(one.text)]
    asked = [
        Frozen([one.text for one in judging if one.corrected is corrected],
               [one.label for one in judging if one.corrected is corrected])
        for corrected in (True, False)
    ]  # fmt: skip
    asked.append(frozen or Frozen([], []))
    old = [_right(before, head, one) for one in asked]
    new = [_right(after, head, one) for one in asked] if after else old
    why = _why(old, new) if after else f"needs {FEWEST} corrections held back"
    return Outcome(
        head=head,
        learnt=len(lessons) - len(judging),
        held_back=len(judging),
        corrections_old=old[0],
        corrections_new=new[0],
        confirmed_old=old[1],
        confirmed_new=new[1],
        frozen_old=old[2],
        frozen_new=new[2],
        wins=not why,
        why=why,
    )


def _why(old: Sequence[float | None], new: Sequence[float | None]) -> str:
    """Why the new one does not win; empty when it does."""
    if old[0] is None or new[0] is None or new[0] <= old[0]:
        return "no better on held-back corrections"
    for what, was, now in zip(
        ("confirmed readings", "frozen texts"), old[1:], new[1:], strict=True
    ):
        if was is not None and now is not None and now < was - MAY_LOSE:
            return f"worse on {what}"
    return ""


def _right(reader: Reader, head: str, asked: Frozen) -> float | None:
    """The share of texts whose reading says the label; every head is a field of the reading."""
    if not asked.texts:
        return None
    said = [getattr(one, head).value for one in reader.read(asked.texts)]
    return float(np.mean([one == true for one, true in zip(said, asked.labels, strict=True)]))


def moved(pack: Pack, lessons: Sequence[Lesson], version: str, made_on: str) -> Pack:
    """The pack with its weights moved as little as explains the lessons."""
    head = pack.card.head
    truth = np.array([head.labels.index(one.label) for one in lessons])
    weight = np.array([1.0 if one.corrected else _CONFIRMED_WEIGHT for one in lessons])
    rows, scores = _seen_by(pack, [one.text for one in lessons])
    columns = np.unique(rows.indices)
    change, shift = _least_change(rows[:, columns], scores, truth, weight)
    weights = pack.weights.copy()
    weights[columns] += change
    own = SetCard("corrections of this office", "own", len(lessons), "its inbox")
    card = msgspec.structs.replace(
        pack.card,
        version=version,
        made_on=made_on,
        sets=(*pack.card.sets, own),
        head=msgspec.structs.replace(head, trained_on=(*head.trained_on, own.name)),
    )
    return pack._replace(card=card, weights=weights, bias=(pack.bias + shift).astype(np.float32))


def _seen_by(pack: Pack, texts: Sequence[str]) -> tuple[sparse.csr_matrix, Floats]:
    """What a head sees of the texts, a row each, and the scores it gives them."""
    head = pack.card.head
    if head.cues:
        rows = sparse.csr_matrix(_signs(texts))
        return rows, (rows @ pack.weights + pack.bias).astype(np.float32)
    plain = Words().plain(texts)
    rows = features.matrix(features.talk(plain), head.bits, head.pairs).tocsr()
    return rows, np.log(np.maximum(Model([pack]).score(plain)[head.name].p, 1e-6))


def _signs(texts: Sequence[str]) -> Floats:
    """The signs that heads over cues weigh, a row a text."""
    known = cues.load()
    rules = Rules(known)
    found = known.find(Words(known.single_words(*DISGUISED)).plain(texts))
    every = []
    for place, text in enumerate(texts):
        one = found.get(place, cues.Found())
        ruled = rules.all(one, len(text))
        every.append(weighing.signs(known, one, ruled, len(text) > AIMED_WITHIN))
    return weighing.rows(every)


def _least_change(
    rows: sparse.csr_matrix,
    scores: Floats,
    truth: NDArray[np.intp],
    weight: NDArray[np.float64],
) -> tuple[Floats, Floats]:
    """What to add to weights and biases: the least of logistic loss and squared change."""
    from scipy.optimize import minimize

    labels, width = scores.shape[1], rows.shape[1]
    right = np.eye(labels)[truth]

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        change, shift = flat[:-labels].reshape(width, labels), flat[-labels:]
        heat = scores + rows @ change + shift
        heat = heat - heat.max(axis=1, keepdims=True)
        p = np.exp(heat)
        total = p.sum(axis=1, keepdims=True)
        p /= total
        told = ((heat - np.log(total)) * right).sum(axis=1)
        slope = (p - right) * weight[:, None]
        cost = -float(weight @ told) + 0.5 / _STRENGTH * float(flat @ flat)
        back = np.concatenate(((rows.T @ slope).ravel(), slope.sum(axis=0)))
        return cost, back + flat / _STRENGTH

    start = np.zeros(labels * (width + 1))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    change = found.x[:-labels].reshape(width, labels).astype(np.float32)
    return change, found.x[-labels:].astype(np.float32)


def write(learnt: Sequence[Pack], out: Path, seed: int = 0) -> None:
    """Write packs into the directory `out`."""
    out.mkdir(parents=True, exist_ok=True)
    for pack in learnt:
        _, packed = packs.packed(
            pack.card.head, pack.weights, pack.bias, pack.words, pack.extra,
            sets=pack.card.sets, seed=seed, made_on=pack.card.made_on, version=pack.card.version,
        )  # fmt: skip
        (out / f"{pack.card.head.name}{packs.ENDING}").write_bytes(packed)
