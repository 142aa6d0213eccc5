"""How SQLite finds words: newest first, at a cost that the newest rows decide.

The index knows in which message a word stands, not where in it, and the beginnings of three letters
(migration 0006 has the figures). So the index proposes and the text decides: whether words stand
next to each other, and whether a longer beginning is there, is looked up in what was proposed.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from balai.inbox.landing.port import Found, Term

BEGINNING = 3  # letters, as in the index
LOOKED_AT = 1_000  # proposals for a common beginning, before the index is asked for the rare one
Execute = Callable[[str, Sequence[Any]], sqlite3.Cursor]

_OF_READER = (
    " CROSS JOIN inbox_conversation c ON c.id = m.conversation_id"
    " WHERE m.id < ? AND m.institution_id = ? AND NOT m.is_hidden AND c.state <> 'sealed'"
)
_NEWEST = (
    "SELECT m.id, m.conversation_id, m.text FROM inbox_message m"  # noqa: S608 - our own words
    f"{_OF_READER} ORDER BY m.id DESC"
)
_WITH_WORDS = (
    "SELECT m.id, m.conversation_id, m.text FROM inbox_message_text t"  # noqa: S608 - our own words
    f" CROSS JOIN inbox_message m ON m.id = t.rowid{_OF_READER}"
    " AND t.rowid < ? AND inbox_message_text MATCH ? ORDER BY t.rowid DESC"
)


def find(
    execute: Execute, institution_id: int, terms: Sequence[Term], *, before: int | None, limit: int
) -> list[Found]:
    """See port.Store.

    A long beginning of common words costs the index all of their history at once. The newest
    proposals of its first three letters nearly always hold a page; if not, it is rare, and cheap.
    """
    fits = _judge(terms)
    first = 2**63 - 1 if before is None else before
    short, whole = _match(terms, BEGINNING), _match(terms, None)
    found: list[Found] = []
    looked = 0
    for number, talk, text in _proposed(execute, institution_id, short, first):
        first, looked = number, looked + 1
        if fits(text):
            found.append(Found(number, talk))
        if len(found) == limit or (looked == LOOKED_AT and short != whole):
            break
    else:
        return found
    rest = _proposed(execute, institution_id, whole, first)
    more = (Found(number, talk) for number, talk, text in rest if fits(text))
    return [*found, *islice(more, limit - len(found))]


def _proposed(
    execute: Execute, institution_id: int, match: str, before: int
) -> Iterator[tuple[int, int, str]]:
    """Messages that the index proposes, newest first; all of them where it is asked nothing."""
    here = (before, institution_id)
    try:
        cursor = execute(_WITH_WORDS, (*here, before, match)) if match else execute(_NEWEST, here)
    except sqlite3.OperationalError as odd:
        if "phrase queries are not supported" in str(odd):
            return  # letters younger than the index's tables part a word there: it stands nowhere
        raise
    try:
        yield from cursor
    finally:
        cursor.close()  # a statement that is read in part holds its snapshot


def _match(terms: Sequence[Term], beginning: int | None) -> str:
    """The words as FTS5 reads them: quoted, so that none of them is an operator.

    Open ends are cut to `beginning` letters; shorter ones propose everything and are left out.
    """
    asked = []
    for term in terms:
        *words, last = term.words
        asked += [f'"{word}"' for word in words]
        if not term.is_open_ended:
            asked.append(f'"{last}"')
        elif beginning is None or len(last) >= beginning:
            asked.append(f'"{last[:beginning]}"*')
    return " AND ".join(dict.fromkeys(asked))


def _judge(terms: Sequence[Term]) -> Callable[[str], bool]:
    """Whether a text has what the index does not know: words in a row, and longer beginnings."""
    unknown = [
        re.compile(
            r"(?<![^\W_])"
            + r"[\W_]+".join(re.escape(_folded(word)) for word in term.words)
            + ("" if term.is_open_ended else r"(?![^\W_])")
        )
        for term in terms
        if len(term.words) > 1 or term.is_open_ended
    ]
    if not unknown:
        return lambda _text: True

    def fits(text: str) -> bool:
        folded = _folded(text)
        return all(pattern.search(folded) for pattern in unknown)

    return fits


def _folded(text: str) -> str:
    """As the index reads it: without capitals and accents."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFD", text.lower())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
