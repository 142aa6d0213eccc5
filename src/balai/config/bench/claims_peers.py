"""The parties beside bench 3: MinHash and bands by datasketch and by rensa, each in its bulk way.

A claim counts as found when it is among the candidates, so the peers need not compare any. All
words count, as the libraries' own pages show it.
"""

import json
import re
import sys
import time
from collections.abc import Iterable
from typing import Any

from balai.config.bench.claims_texts import AT_ONCE, claims, copies
from balai.config.bench.scratch import answer, percentiles

PLACES, BANDS, ROWS = 48, 16, 3
_WORD = re.compile(r"\w+")


class Datasketch:
    """MinHash.bulk, and an insertion session."""

    what = "datasketch MinHash.bulk + MinHashLSH"

    def __init__(self) -> None:
        from datasketch import MinHashLSH

        self._index = MinHashLSH(num_perm=PLACES, params=(BANDS, ROWS))

    def add(self, texts: list[str]) -> None:
        """Fill the index."""
        with self._index.insertion_session() as session:
            for number, one in enumerate(self._signed(texts)):
                session.insert(str(number), one, check_duplication=False)

    def candidates(self, texts: list[str]) -> Iterable[Iterable[int]]:
        """For each text the claims that share a band with it."""
        return [map(int, self._index.query(one)) for one in self._signed(texts)]

    def _signed(self, texts: list[str]) -> Iterable[Any]:
        from datasketch import MinHash

        for place in range(0, len(texts), 1_000):
            words = [[word.encode() for word in _words(t)] for t in texts[place : place + 1_000]]
            yield from MinHash.bulk(words, num_perm=PLACES)


class Rensa:
    """from_token_sets, insert_many and query_all."""

    what = "rensa RMinHash.from_token_sets + RMinHashLSH"

    def __init__(self) -> None:
        from rensa import RMinHashLSH

        self._index = RMinHashLSH(0.5, PLACES, BANDS)

    def add(self, texts: list[str]) -> None:
        """Fill the index."""
        for place in range(0, len(texts), 10_000):
            here = self._signed(texts[place : place + 10_000])
            self._index.insert_many(here, start_key=place)

    def candidates(self, texts: list[str]) -> Iterable[Iterable[int]]:
        """For each text the claims that share a band with it."""
        found: list[list[int]] = self._index.query_all(self._signed(texts))
        return found

    def _signed(self, texts: list[str]) -> list[Any]:
        from rensa import RMinHash

        signed: list[Any] = RMinHash.from_token_sets(
            [_words(text) for text in texts], num_perm=PLACES, seed=1
        )
        return signed


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def main(party: str, rows: int) -> None:
    """Fill the index, ask for copies."""
    texts = list(claims(rows))
    asked = copies(rows)
    peer: Datasketch | Rensa = Datasketch() if party == "datasketch" else Rensa()
    started = time.process_time()
    peer.add(texts)
    built = time.process_time() - started
    del texts
    spent, found, took = 0.0, 0, []
    for place in range(0, len(asked), AT_ONCE):
        here = asked[place : place + AT_ONCE]
        started = time.process_time()
        answers = [list(one) for one in peer.candidates([text for _, text in here])]
        took.append((time.process_time() - started) / len(here))
        spent += took[-1] * len(here)
        found += sum(claim in one for one, (claim, _) in zip(answers, here, strict=True))
    answer(
        what=peer.what,
        settings=f"MinHash {PLACES}, {BANDS} bands of {ROWS}, not verified; batches of {AT_ONCE}",
        rate=round(len(asked) / spent),
        recall=round(found / len(asked), 4),
        build_s=round(built, 2),
        **percentiles(took),
    )


if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    main(order["party"], order["rows"])
