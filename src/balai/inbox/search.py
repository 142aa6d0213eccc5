"""Words an officer types, and the messages in which they stand. Reads only.

Any input is a search and none is an error: quotes hold words together, a star leaves the end of a
word open, everything else that is not a letter or a digit only parts words.
"""

import re
from dataclasses import dataclass

from balai.inbox.landing import Found, Term, open_store

PAGE = 50
MOST_TERMS = 12
LONGEST_WORD = 64
_TERM = re.compile(r'"([^"]*)"?|([^\s"]+)')
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Results:
    """One page of what was found, newest first, and from which id the next one goes on."""

    found: list[Found]
    before: int | None

    @property
    def conversation_ids(self) -> list[int]:
        """The conversations, each once, the one with the newest hit first."""
        return list(dict.fromkeys(hit.conversation_id for hit in self.found))


def search(
    institution_id: int,
    words: str,
    *,
    before: int | None = None,
    limit: int = PAGE,
    as_you_type: bool = False,
) -> Results:
    """The newest messages of an institution with all these words; nothing for no words.

    `as_you_type` leaves the last word open, because the officer has not finished it.
    """
    terms = parse(words, as_you_type=as_you_type)
    found = open_store().find(institution_id, terms, before=before, limit=limit) if terms else []
    return Results(found, found[-1].message_id if len(found) == limit else None)


def parse(words: str, *, as_you_type: bool = False) -> list[Term]:
    """What the officer's words ask for."""
    terms: list[Term] = []
    for match in _TERM.finditer(words):
        quoted, bare = match.groups()
        plain = tuple(word[:LONGEST_WORD] for word in _WORD.findall(quoted or bare or ""))
        if plain:
            unfinished = as_you_type and match.end() == len(words) and not match[0].endswith('"')
            terms.append(Term(plain, match[0].endswith("*") or unfinished))
    return terms[:MOST_TERMS]
