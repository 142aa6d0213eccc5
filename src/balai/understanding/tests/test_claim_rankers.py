"""How rankers are fitted, calibrated and measured."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from balai.understanding.claims import Claim, load_ranker
from balai.understanding.claims.fitting import Lessons, calibrated, fit, together
from balai.understanding.claims.measuring import calibration_error, measure
from balai.understanding.claims.overlap import FEATURES, RISES
from balai.understanding.claims.sets import Post, Task
from balai.understanding.claims.training import train

TOWNS = ("Sukamaju", "Melati", "Tanjung", "Kenanga", "Cempaka", "Mawar", "Seruni", "Anggrek")
THINGS = ("jembatan roboh", "air beracun", "beras plastik", "vaksin palsu", "gempa besar")
CLAIMS = [Claim(f"{t}-{n}", f"{what} di {t}") for t in TOWNS for n, what in enumerate(THINGS)]
POSTS = [
    Post(f"katanya {c.text} ya min?", frozenset({c.id}), frozenset({c.id}), "told") for c in CLAIMS
]
STRANGERS = ["lampu jalan mati", "terima kasih pelayanannya", "kapan jadwal posyandu?"] * 10


def test_a_trained_ranker_finds_what_it_was_taught_and_is_the_same_for_the_same_seed():
    task = Task("towns", CLAIMS, POSTS, frozenset())
    first, second = (train([task], STRANGERS, (), seed=3) for _ in range(2))
    assert first.card == second.card
    figures = measure(first, task, STRANGERS)["told"]
    assert figures["recall_1"] > 0.9
    assert figures["answered"] > 0.5


def test_groups_that_are_held_back_teach_nothing():
    hidden = [post._replace(text="zzz", group="hidden") for post in POSTS]
    with_hidden = Task("towns", CLAIMS, POSTS + hidden, frozenset({"hidden"}))
    without = Task("towns", CLAIMS, POSTS, frozenset())
    assert train([with_hidden], STRANGERS, (), 3).card == train([without], STRANGERS, (), 3).card


overlaps = st.lists(st.floats(0, 3), min_size=len(FEATURES), max_size=len(FEATURES))


@given(overlaps, st.integers(0, len(FEATURES) - 1), st.floats(0, 2))
def test_more_overlap_never_makes_a_match_less_likely(values, place, more):
    ranker = load_ranker()
    low = np.array([values], np.float32)
    high = low.copy()
    high[0, place] += more * RISES[place]
    assert ranker.scores(high)[0] >= ranker.scores(low)[0] - 1e-4


def test_a_network_learns_that_sometimes_no_claim_is_meant():
    chance = np.random.default_rng(1)
    posts = np.repeat(np.arange(400), 5)
    right = np.zeros(2_000, np.bool_)
    right[::5] = np.arange(400) % 2 == 0
    plain = (chance.normal(size=(2_000, 2)) * 0.3 + right[:, None] * 2).astype(np.float32)
    network = fit(plain, Lessons(posts, plain, right), (1, 1), 1)
    hidden = np.tanh(plain @ np.array(network.into) + network.into_bias)
    scores = hidden @ np.array(network.out) + network.out_bias
    assert ((scores > 0) == right).mean() > 0.97


def test_calibration_turns_scores_into_shares():
    chance = np.random.default_rng(2)
    truth = chance.normal(size=20_000).astype(np.float32)
    right = chance.random(20_000) < 1 / (1 + np.exp(-(2 * truth - 1)))
    slope, shift = calibrated(truth, right)
    assert abs(slope - 2) < 0.1
    assert abs(shift + 1) < 0.1
    p = 1 / (1 + np.exp(-(slope * truth + shift)))
    assert calibration_error(p, right) < 0.02
    assert calibration_error(np.ones(10), np.zeros(10, np.bool_)) == 1


def test_lessons_of_several_sets_keep_their_posts_apart():
    one = Lessons(np.array([0, 0, 2]), np.zeros((3, 1), np.float32), np.zeros(3, np.bool_))
    assert together([one, one]).posts.tolist() == [0, 0, 2, 3, 3, 5]
