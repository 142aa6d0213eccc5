"""From what trained heads answer to the fields of a reading: topic, abuse, disaster, complaint.

Only the heads that a model has are asked. Which they are is written in `recipes/`: `topic` and
`agency`, `abuse` with `abuse_details`, `flood`, `complaint`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from balai.understanding.model import Answers, Judged, Marked
from balai.understanding.packs import OTHER
from balai.understanding.shapes import ABOUT, Abuse, Alternative, Disaster, Guess, Reading, Topic

DETAILS = (
    "individual", "group", "religion", "race", "physical", "gender", "other", "weak", "moderate",
    "strong",
)  # fmt: skip
"""What the head `abuse_details` tells of hateful texts, each given that the text is hateful."""
TARGETS, LEVELS = ("individual", "group"), ("weak", "moderate", "strong")


def judged(readings: list[Reading], answers: Answers) -> list[Reading]:
    """The readings with what the local heads say in the place of what the rules say."""
    chosen, marked = answers.chosen, answers.marked
    if not ({"topic", "agency", "abuse", "flood"} & chosen.keys() or "complaint" in marked):
        return readings
    return [
        _judged(
            reading,
            {head: said[place] for head, said in chosen.items()},
            {head: said[place] for head, said in marked.items()},
        )
        for place, reading in enumerate(readings)
    ]


def _judged(reading: Reading, chosen: dict[str, Judged], marked: dict[str, Marked]) -> Reading:
    fields: dict[str, Any] = {}
    because: dict[str, list[str]] = {}
    if "topic" in chosen or "agency" in chosen:
        fields["topic"] = topic(chosen.get("topic"), chosen.get("agency"))
        because["topic"] = (chosen.get("topic") or chosen["agency"]).words
    if "abuse" in chosen:
        fields["abuse"] = abuse(chosen["abuse"], marked.get("abuse_details"))
        because["abuse"] = chosen["abuse"].words if fields["abuse"].abusive else []
    if "flood" in chosen:
        fields["disaster"] = flood(reading.disaster, chosen["flood"])
        because["disaster"] = reading.because.get("disaster", []) + chosen["flood"].words
    if "complaint" in marked:
        fields["intent"] = complaint(reading.intent, marked["complaint"])
        if fields["intent"] is not reading.intent:
            because["intent"] = marked["complaint"].words
    return msgspec.structs.replace(reading, **fields, because={**reading.because, **because})


def topic(matter: Judged | None, agency: Judged | None) -> Topic:
    """The topic and the unit that such matters went to; a rare unit is no hint."""
    unit = agency.label if agency is not None and agency.label != OTHER else None
    if matter is None:
        return Topic(unit_hint=unit)
    others = tuple(Alternative(label, p) for label, p in matter.others)
    return Topic(matter.label, matter.p, matter.sure, others, unit)


def abuse(joint: Judged, details: Marked | None) -> Abuse:
    """Abusive and hateful as the joint head says; details only of what is hateful."""
    p = {joint.label: joint.p, **dict(joint.others)}
    both = p.get("abusive_hate", 0.0)
    told = {"abusive": p.get("abusive", 0.0) + both, "hate": p.get("hate", 0.0) + both}
    abusive = joint.label in ("abusive", "abusive_hate")
    hate = joint.label in ("hate", "abusive_hate")
    given: Mapping[str, float] = {}
    if details is not None:
        given = dict(zip(DETAILS, details.p, strict=True))
        told |= {name: told["hate"] * one for name, one in given.items()}
    told = {name: round(min(one, 1.0), 3) for name, one in told.items()}
    if not (hate and given):
        return Abuse(abusive, hate, p=told, sure=joint.sure)
    about = tuple(name for name in ABOUT if given[name] >= 0.5)
    return Abuse(
        abusive=abusive,
        hate=hate,
        target=max(TARGETS, key=given.__getitem__),
        about=about or (max(ABOUT, key=given.__getitem__),),
        level=max(LEVELS, key=given.__getitem__),
        p=told,
        sure=joint.sure,
    )


def flood(found: Disaster, kind: Judged) -> Disaster:
    """The same disaster with its kind, which is told whether or not it is relevant."""
    if found.p is not None:
        return msgspec.structs.replace(found, kind=kind.label)
    return msgspec.structs.replace(found, kind=kind.label, p=kind.p, sure=kind.sure)


def complaint(found: Guess, marked: Marked) -> Guess:
    """The intent of a text that a local head takes for a complaint, where nothing else spoke."""
    if marked.labels and found.value is None:
        return Guess("complaint", marked.p[0], marked.sure)
    return found
