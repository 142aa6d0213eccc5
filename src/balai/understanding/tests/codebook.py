"""Codebook of `sentences.txt`: what its labels mean and when they are given.

Each line is `urgency | intent | flags | language | sentence`; all sentences were written for this
file. They guard the rules against regressions. They are no sample of what offices receive, so
what is measured on them says nothing about any office.

Urgency
  danger  a life or body is in danger now or within the hour, or the writer speaks of ending their
          own life. A bare "fire in ..." is danger: nobody announces a drill that way.
  urgent  harm or a lasting loss is near, but nobody is in danger this hour (an open hole before
          the night, medicine that ends today).
  normal  everything else. Past events, fears, "if" and "every rainy season", drills, lessons,
          news told on, figures of speech and questions about safety gear are normal.
  A line may allow two values ("urgent/normal") where fair readers would differ.

Intent: what the writer wants of the office; the first that fits, in this order.
  report_emergency     help against a danger now
  whistleblow          names a wrong of somebody with power: money asked, aid cut, posts sold
  spam, abuse          advertising; nothing but insults
  rumor_sighting       asks whether a circulating story is true, or passes one on
  information_request  wants a fact, a document, a schedule, a requirement
  complaint            something of the office's work is not as it should be
  aspiration           wants something new or different
  question             any other question
  praise               thanks or approval
  "-" where no intent is tested.

Flags (comma separated, "-" for none)
  abusive     insults or threatens a person or group. "This service is a disgrace" is not abusive,
              "you pig" is; naming an animal or quoting an insult one suffered is not.
  civil       harsh, even furious, about work, policy or office, without insulting a person
  whistleblow, self_harm, child, violence   the reading's `sensitive` values
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Labelled(NamedTuple):
    """One sentence and what a fair reader says of it."""

    urgency: tuple[str, ...]
    intent: str
    flags: frozenset[str]
    language: str
    text: str


def sentences() -> list[Labelled]:
    """Every labelled sentence."""
    lines = Path(__file__).with_name("sentences.txt").read_text("utf-8").splitlines()
    return [_labelled(line) for line in lines if line and not line.startswith("#")]


def _labelled(line: str) -> Labelled:
    urgency, intent, flags, language, text = (part.strip() for part in line.split("|", 4))
    named = frozenset(flags.split(",")) - {"-"}
    return Labelled(tuple(urgency.split("/")), intent, named, language, text)
