"""What every announced fact has in common."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """Something that happened, in the past tense, told in plain values that JSON can carry."""
