"""Our side of bench 3: the product's own index of claims."""

import json
import sys
import time

from balai.config.bench.claims_texts import AT_ONCE, claims, copies
from balai.config.bench.scratch import answer, percentiles
from balai.understanding.claims import Claim, Claims

MATCHED = 1_000  # copies that are also put through the whole matching, paraphrases and all


def main(rows: int) -> None:
    """Fill the shelf, ask for copies, then for matches."""
    started = time.process_time()
    for _ in claims(rows):
        pass
    telling = time.process_time() - started
    index = Claims(Claim(str(number), text) for number, text in enumerate(claims(rows)))
    index.copies(["warm"])
    built = time.process_time() - started - 2 * telling
    asked = copies(rows)
    spent, found, took = 0.0, 0, []
    for place in range(0, len(asked), AT_ONCE):
        here = asked[place : place + AT_ONCE]
        started = time.process_time()
        answers = index.copies([text for _, text in here])
        took.append((time.process_time() - started) / len(here))
        spent += took[-1] * len(here)
        found += sum(
            one is not None and one.id == str(claim)
            for one, (claim, _) in zip(answers, here, strict=True)
        )
    index.match([text for _, text in asked[:50]])
    started = time.process_time()
    matches = index.match([text for _, text in asked[-MATCHED:]])
    matched = (time.process_time() - started) / MATCHED
    first = sum(
        bool(one) and one[0].id == str(claim)
        for one, (claim, _) in zip(matches, asked[-MATCHED:], strict=True)
    )
    answer(
        what="balai.understanding.claims: copies, in batches",
        settings=f"MinHash 48, 16 bands of 3, verified; batches of {AT_ONCE}",
        rate=round(len(asked) / spent),
        recall=round(found / len(asked), 4),
        build_s=round(built, 2),
        match_us=round(matched * 1e6, 1),
        match_recall=round(first / MATCHED, 4),
        **percentiles(took),
    )


if __name__ == "__main__":
    main(json.loads(sys.argv[1])["rows"])
