"""The benches' own honesty: the same work for every party, and figures that a person can read."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from balai.config.bench import BENCHES, for_people, run
from balai.config.bench.claims_texts import claims, copies
from balai.config.bench.intake import write_lines
from balai.config.bench.intake_reader import _stretches
from balai.config.bench.scratch import Scratch, Stages, environment, percentiles
from balai.config.bench.search_queries import EACH, KINDS, ask, messages, queries
from balai.config.bench.understand_texts import taught, texts
from balai.config.bench.words import Town

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_the_same_seed_writes_the_same_town():
    first, second = (
        list(Town().messages(200, until=NOON, span=timedelta(days=1))) for _ in range(2)
    )
    assert first == second


def test_a_tenth_of_the_messages_comes_twice_and_texts_are_as_long_as_life():
    told = list(Town().messages(4_000, until=NOON, span=timedelta(days=1)))

    names = {(m["line"], m["id"]) for m in told}
    assert 0.08 < 1 - len(names) / len(told) < 0.12
    mean = sum(len(m["text"].encode()) for m in told) / len(told)
    assert 120 < mean < 230
    threads = {(m["line"], m["thread"], m["author"]) for m in told}
    assert 0.4 < len(threads) / len(names) < 0.8


def test_lines_are_json_that_the_file_channel_reads(tmp_path):
    from balai.channels.catalogue import CONNECTORS

    write_lines(tmp_path / "lines", 50)

    body = (tmp_path / "lines").read_bytes()
    assert all(json.loads(line)["text"] for line in body.splitlines())
    assert len(CONNECTORS["file"]({}).parse(body)) == 50


def test_every_party_of_the_search_is_asked_the_same():
    assert queries() == queries()
    assert {len(asked) for asked in queries().values()} == {EACH}
    moments = [at for at, _ in messages(24)]
    assert moments == sorted(moments)
    seen = []
    figures = ask(lambda words: seen.append(words) or [words])
    assert list(figures["stages"]) == list(KINDS)
    assert figures["hits"] == EACH * len(KINDS)
    assert sum(words.endswith("*") for words in seen) == EACH + 1


def test_every_party_of_the_reading_gets_the_same_texts_and_the_peers_learn_from_others():
    assert texts(50) == texts(50)
    said, labels = taught()
    assert not set(said) & set(texts(50))
    assert {len(known) for known in labels.values()} == {len(said)}


def test_without_a_rate_lines_come_in_full_batches():
    assert [(a, b) for a, b, _ in _stretches(first=0, last=7_500)] == [
        (0, 3_000), (3_000, 6_000), (6_000, 7_500),
    ]  # fmt: skip


def test_percentiles_are_milliseconds_of_the_ranked_values():
    assert percentiles([n / 1000 for n in range(100)]) == {
        "p50_ms": 50.0, "p95_ms": 95.0, "p99_ms": 99.0,
    }  # fmt: skip


def test_stages_add_up_what_a_step_costs():
    stages = Stages()
    assert stages.timed("adding", sum)([1, 2]) == 3
    assert list(stages.a_row(2)) == ["adding (us)"]


def test_a_bench_never_touches_the_installation(monkeypatch, tmp_path):
    monkeypatch.setenv("BALAI_DATABASE_URL", "postgres://somewhere/real")
    monkeypatch.setenv("BALAI_SECRET_KEYS", "real")
    known = environment(tmp_path)
    assert known["BALAI_HOME"] == str(tmp_path)
    assert "BALAI_DATABASE_URL" not in known
    assert "BALAI_SECRET_KEYS" not in known
    with Scratch() as scratch:
        path = scratch.path
        assert path.exists()
    assert not path.exists()


def test_figures_are_shown_to_people():
    party = {
        "what": "x", "rate": 1234, "p50_ms": 1, "p95_ms": 2, "p99_ms": 3, "peak_rss_mb": 9,
        "stages": {"parse (us)": 1.5},
    }  # fmt: skip
    shown = for_people(
        {
            "name": "intake", "rows": 10_000, "database": "sqlite", "ours": party, "limit": party,
            "peers": [party], "ratio_to_limit": 0.5, "ratio_to_peer": None, "not_yet": ["places"],
        }
    )  # fmt: skip
    assert "ours   1,234/s, 1 ms p50" in shown
    assert "ratio to limit: 0.5" in shown
    assert "not yet: places" in shown


def test_a_bench_that_does_not_exist_is_said_to_be_missing():
    assert set(BENCHES) >= {"intake", "search", "inbox", "understand"}
    with pytest.raises(KeyError):
        run("nothing")


def test_every_party_looks_for_the_same_copies_of_the_same_claims():
    said = list(claims(300))
    asked = copies(300)
    assert asked == copies(300)
    assert sum(copy == said[place] for place, copy in asked) < len(asked) / 4
    shared = [
        len(set(copy.lower().split()) & set(said[place].lower().split())) for place, copy in asked
    ]
    assert min(shared) > 0


def test_the_bench_of_claims_measures_ours_beside_both_peers():
    result = run("claims", 400)
    assert [result["limit"]["what"].split()[0], result["peers"][0]["what"].split()[0]] == [
        "datasketch", "rensa",
    ]  # fmt: skip
    assert min(party["recall"] for party in (result["ours"], result["limit"])) >= 0.99
    assert result["growth"]["from_rows"] == 40
    assert result["left_out"] == []


def test_the_bench_of_figures_reads_a_series_beside_a_bare_query_and_says_what_upkeep_costs():
    result = run("analytics", 60)

    assert result["ours"]["p50_ms"] > 0
    assert result["limit"]["p50_ms"] > 0
    stages = set(result["ours"]["stages"])
    assert {"landing (us)", "note messages (us)", "count messages (us)"} <= stages
    assert "analytics: 60 rows" in for_people(result)
