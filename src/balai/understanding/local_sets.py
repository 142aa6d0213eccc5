"""The labelled sets that may not leave an office as weights: read for `train --with NAME` only.

Their licences are non-commercial or missing, so a model that learnt from them is trained where it
is used and stays there. Texts never enter the repository.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from balai.understanding import corpora
from balai.understanding.judgements import DETAILS
from balai.understanding.packs import SetCard

HATE = SetCard(
    "Indonesian hate and abuse, 12 labels", "CC BY-NC-SA 4.0", 0,
    "okkyibrohim/id-multi-label-hate-speech-and-abusive-language-detection, Ibrohim & Budi 2019",
)  # fmt: skip
REGIONAL_HATE = SetCard(
    "Javanese and Sundanese hate and abuse", "none stated", 0,
    "Shofianina/local-indonesian-abusive-hate-speech-dataset, Putri et al. 2021",
)  # fmt: skip
FLOOD = SetCard("Flood tweets of Jabodetabek 2025", "none stated", 0, "bidd22/bencana")
SURABAYA = SetCard(
    "Complaints of Surabaya 2022-2023", "none stated", 0,
    "jaal047/Project_Capstone_LaskarAI_KeluhCerdas-",
)  # fmt: skip

FLOOD_KINDS = {
    "opini_keluhan": "complaint_opinion", "informasi": "information", "aksi_bantuan": "aid",
}  # fmt: skip


class Insult(NamedTuple):
    """A text, whether it is abusive, whether hateful, and which of `DETAILS` apply."""

    text: str
    abusive: bool
    hate: bool
    details: frozenset[str] = frozenset()


class Complaint(NamedTuple):
    """A complaint, the agency that it went to and its topic; both may be empty."""

    text: str
    agency: str
    topic: str


def hate(data: Path, split: str) -> list[Insult]:
    """Indonesian tweets; `split` is train or valid."""
    return [
        Insult(
            row["text"],
            row["Abusive"] == "1",
            row["HS"] == "1",
            frozenset(name for name in DETAILS if row[f"HS_{name.capitalize()}"] == "1"),
        )
        for row in corpora.rows(data / "id_hate_abusive_multilabel" / split)
    ]


def regional_hate(data: Path, split: str) -> list[Insult]:
    """Javanese and Sundanese tweets, without details."""
    folder = data / "local_hate_jav_sun"
    return [
        Insult(row["text"], row["abusive"] == "1", row["hate"] == "1")
        for language in ("jav", "sun")
        for row in corpora.rows(folder / f"{language}_{split}")
    ]


def flood(data: Path, split: str) -> tuple[list[str], list[str]]:
    """Tweets in a flood, and of each one of `shapes.DISASTER_KINDS`."""
    found = list(corpora.rows(data / "disaster_flood_jabodetabek" / split))
    return [row["text"] for row in found], [FLOOD_KINDS[row["label"]] for row in found]


def complaints(data: Path, split: str) -> list[Complaint]:
    """What citizens of Surabaya complained about."""
    return [
        Complaint(row["text"], row["instansi"].strip(), row["topik"].strip())
        for row in corpora.rows(data / "complaints_surabaya" / split)
    ]


def areas_of_surabaya(data: Path) -> frozenset[str]:
    """The words in the names of its districts and wards, in small letters."""
    folder = data / "complaints_surabaya"
    names = [
        row["name"] for name in ("ref_kecamatan", "ref_kelurahan")
        for row in corpora.rows(folder / name)
    ]  # fmt: skip
    return frozenset(word for name in names for word in name.lower().split())
