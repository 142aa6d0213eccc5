"""The peer of bench 1: what is usually written with the usual libraries.

Django's bulk_create for rows, a scikit-learn pipeline for two labels, datasketch for near twins,
FTS5 once a batch. `each` asks the model for one document at a time, as a handler of one webhook
does; `batched` uses each library's own bulk way.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from balai.config.bench.scratch import Stages, answer, percentiles, settle

BATCH = 1_000
LABELS = ("question", "complaint", "praise", "report_emergency", "spam", "aspiration")
MOODS = ("positive", "neutral", "negative")


def main(party: str, lines: str, rows: int) -> None:
    """Take in so many lines."""
    settle()
    from datasketch import MinHash, MinHashLSH
    from django.db import connection, transaction
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import SGDClassifier

    from balai.channels.models import Connection
    from balai.inbox.models import Citizen, Conversation, Message, MessageKey
    from balai.people.models import Institution

    raw = Path(lines).read_text(encoding="utf-8").splitlines()[: rows + 400]
    vectors = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 4), n_features=2**18)
    sample = vectors.transform([json.loads(line)["text"] for line in raw[:400]])
    heads = [
        SGDClassifier(loss="log_loss", max_iter=5, tol=None, random_state=1).fit(
            sample, [labels[n % len(labels)] for n in range(sample.shape[0])]
        )
        for labels in (LABELS, MOODS)
    ]
    twins = MinHashLSH(threshold=0.7, num_perm=64)
    institution = Institution.objects.create(name="Bench", slug="bench", kind="city")
    homes = [
        Connection.objects.create(
            institution=institution, channel=f"c{n}", name=f"c{n}", address=f"c{n}"
        )
        for n in range(5)
    ]
    stages = Stages()
    seen = 0

    def understand(texts: list[str]) -> None:
        groups = [texts] if party == "batched" else [[text] for text in texts]
        for group in groups:
            found = vectors.transform(group)
            for head in heads:
                head.predict_proba(found)

    def look_for_twins(texts: list[str], first: int) -> None:
        shingles = [[text[n : n + 5].encode() for n in range(len(text) - 4)] for text in texts]
        if party == "batched":
            hashes = MinHash.bulk(shingles, num_perm=64)
        else:
            hashes = []
            for words in shingles:
                one = MinHash(num_perm=64)
                for word in words:
                    one.update(word)
                hashes.append(one)
        for number, one in enumerate(hashes, first):
            twins.query(one)
            twins.insert(str(number), one)

    def keep(messages: list[dict[str, Any]], first: int) -> None:
        known = set(
            MessageKey.objects.filter(remote_id__in=[m["id"] for m in messages]).values_list(
                "connection_id", "remote_id"
            )
        )
        fresh = {
            (homes[m["line"]].pk, m["id"]): m
            for m in messages
            if (homes[m["line"]].pk, m["id"]) not in known
        }
        rows_, keys = [], []
        for number, ((home, name), m) in enumerate(fresh.items(), first):
            at = datetime.fromisoformat(m["sent_at"])
            citizen, _ = Citizen.objects.get_or_create(
                institution=institution,
                channel=f"c{m['line']}",
                key=m["author"],
                defaults={"first_seen_at": at},
            )
            talk, _ = Conversation.objects.get_or_create(
                connection_id=home,
                thread_key=m["thread"],
                citizen=citizen,
                is_current=True,
                defaults={
                    "institution": institution, "opened_at": at, "last_at": at,
                    "last_message_id": number, "last_in_id": number,
                },
            )  # fmt: skip
            rows_.append(
                Message(
                    id=number, institution=institution, connection_id=home, conversation=talk,
                    remote_id=name, direction="in", text=m["text"], sent_at=at, received_at=at,
                )
            )  # fmt: skip
            keys.append(MessageKey(connection_id=home, remote_id=name, message_id=number))
        MessageKey.objects.bulk_create(keys, ignore_conflicts=True)
        Message.objects.bulk_create(rows_)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO inbox_message_text(rowid, text)"
                " SELECT id, text FROM inbox_message WHERE id >= %s",
                [first],
            )

    steps: dict[str, Callable[..., None]] = {
        "understand (2 heads)": understand,
        "near twins": look_for_twins,
        "keep": keep,
    }
    timed = {name: stages.timed(name, step) for name, step in steps.items()}
    batches = []
    started, cpu = time.perf_counter(), time.process_time()
    for place in range(400, 400 + rows, BATCH):
        began = time.perf_counter()
        messages = [json.loads(line) for line in raw[place : min(place + BATCH, 400 + rows)]]
        texts = [m["text"] for m in messages]
        seen += len(messages)
        timed["understand (2 heads)"](texts)
        timed["near twins"](texts, place)
        with transaction.atomic():
            timed["keep"](messages, place)
        batches.append(time.perf_counter() - began)
    took, cpu = time.perf_counter() - started, time.process_time() - cpu
    how = "one document at a time" if party == "each" else "in batches"
    answer(
        what=f"Django bulk_create + scikit-learn {how} + datasketch",
        settings="HashingVectorizer char_wb 2-4, 2^18, two SGD heads; MinHash 64, LSH 0.7;"
        f" batches of {BATCH}; get_or_create for citizen and conversation",
        rows=seen,
        rate=round(seen / took, 1),
        cpu_us=round(cpu / seen * 1e6, 1),
        **percentiles(batches),
        stages=stages.a_row(seen),
    )


if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    main(order["party"], order["lines"], order["rows"])
