"""The peer beside bench 6: a pipeline a head, runs of 1 to 5 characters within words, linear."""

import json
import sys
from collections.abc import Sequence

from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_pipeline

from balai.config.bench.scratch import answer
from balai.config.bench.understand_texts import spent, taught, texts


def main(rows: int) -> None:
    """Fit every head, ask each for every text."""
    said, labels = taught()
    heads = [
        make_pipeline(
            HashingVectorizer(analyzer="char_wb", ngram_range=(1, 5), n_features=1 << 18),
            SGDClassifier(loss="log_loss", max_iter=5, tol=None, random_state=7),
        ).fit(said[:1_000], known[:1_000])
        for known in labels.values()
        if len(set(known[:1_000])) > 1
    ]

    def ask(batch: Sequence[str]) -> None:
        for head in heads:
            head.predict_proba(batch)

    rate = round(rows / spent(ask, texts(rows)))
    answer(what=f"scikit-learn, {len(heads)} heads, a character pipeline each", rate=rate)


if __name__ == "__main__":
    main(json.loads(sys.argv[1])["rows"])
