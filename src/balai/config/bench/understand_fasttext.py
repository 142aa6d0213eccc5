"""The limit beside bench 6: one fastText head with words, pairs and runs of 2 to 5 characters."""

import json
import os
import sys
from collections.abc import Sequence

import fasttext

from balai.config.bench.scratch import answer
from balai.config.bench.understand_texts import spent, taught, texts


def main(rows: int) -> None:
    """Train one head, ask it for every text."""
    said, labels = taught()
    path = os.path.join(os.environ["BALAI_HOME"], "taught.txt")
    with open(path, "w", encoding="utf-8") as file:
        for text, label in zip(said, labels["sentiment"], strict=True):
            file.write(f"__label__{label} {' '.join(text.split())}\n")
    model = fasttext.train_supervised(
        path, dim=100, wordNgrams=2, minn=2, maxn=5, bucket=200_000, epoch=1, thread=1, verbose=0
    )

    def ask(batch: Sequence[str]) -> None:
        for text in batch:  # its own binding: `predict` of 0.9.2 knows no NumPy 2
            model.f.predict(" ".join(text.split()) + "\n", 1, 0.0, "strict")

    answer(what="fastText 0.9.2, one head", rate=round(rows / spent(ask, texts(rows))))


if __name__ == "__main__":
    main(json.loads(sys.argv[1])["rows"])
