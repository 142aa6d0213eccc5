"""Lends what is known of Indonesian words to their translations; training only.

Labelled Indonesian is plenty, labelled Ngaju is not. A dictionary says for each word which
Indonesian words it stands for; a head learns from both, and what the translation adds is folded
into the pack as `extra` of the whole word, so that reading pays nothing for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from balai.understanding import features
from balai.understanding.fitting import margin
from balai.understanding.packs import Floats, Hashes
from balai.understanding.words import Words

_ROUNDS = 4  # of expectation and maximisation; more makes rare words too certain
_LONGEST = 60  # words of a sentence that is aligned
_LEAST = 0.15  # a translation less likely than this is chance
_LEAST_KEPT = 0.12  # the same after all languages were put together

_HEARD = 2  # documents that a word must stand in to have a meaning
_DIRECTIONS = 150
_SMOOTHING = 0.3  # added to every count before two are compared
_WORTH_TELLING = 0.004  # an extra below this changes no answer

Pairs = Sequence[tuple[str, str]]
Places = NDArray[np.int64]
_Links = tuple[NDArray[np.integer], NDArray[np.integer], NDArray[np.float64]]


class Lent(NamedTuple):
    """A head that learnt from words and from their translations, ready to be packed."""

    weights: Floats
    bias: Floats
    words: Hashes
    extra: Floats


class Contrast(NamedTuple):
    """A machine over words and pairs weighed by how much they tell labels apart.

    `translated` adds what the words stand for, `with_grams` the grams.
    """

    strength: float
    translated: bool = False
    with_grams: bool = False


class Corpus:
    """Texts as numbers, in one vocabulary; a text is named by its place."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.batch = features.talk(Words().plain(texts))
        self.rows = features.rows(self.batch)
        self.known = self.batch.known

    def part(
        self, places: Places, bits: int, lenders: Sequence[sparse.csr_matrix | Floats]
    ) -> sparse.csr_matrix:
        """The features of some texts, then what is lent to them, scaled as serving does."""
        hashes = features.word_hashes(self.known)
        pairs = features.pair_rows(features.pair_hashes(hashes, self.batch), bits)
        said = self.rows[places]
        parts = [said @ self.grams(bits) + pairs[places], *(said @ one for one in lenders)]
        scales = features.scales(self.batch, with_pairs=True)[places]
        both = sparse.hstack([sparse.csr_matrix(one) for one in parts])
        scaled: sparse.csr_matrix = (sparse.diags(scales) @ both).tocsr().astype(np.float32)
        return scaled

    def apart(
        self,
        places: Places,
        bits: int,
        table: sparse.csr_matrix | None = None,
        with_grams: bool = False,
    ) -> sparse.csr_matrix:
        """Whole words of some texts, then pairs, then what `table` says the words stand for: each
        apart from the others, scaled as serving does. Grams share the places of pairs, as there."""
        hashes = features.word_hashes(self.known)
        pairs = features.pair_rows(features.pair_hashes(hashes, self.batch), bits)[places]
        said = self.rows[places]
        parts = [said, said @ self.grams(bits) + pairs if with_grams else pairs]
        if table is not None:
            parts.append(said @ table)
        scales = features.scales(self.batch, with_pairs=True)[places]
        scaled: sparse.csr_matrix = (sparse.diags(scales) @ sparse.hstack(parts)).tocsr()
        return scaled.astype(np.float32)

    def grams(self, bits: int) -> sparse.csr_matrix:
        """Known words x 2**bits."""
        return features.gram_rows(features.grams(self.known), bits)


class Gathered(NamedTuple):
    """A corpus, the places of its Indonesian texts, and of texts that are translations."""

    corpus: Corpus
    indonesian: Places
    aligned: dict[str, list[tuple[int, int]]]


def gathered(
    texts: Sequence[str], is_indonesian: Sequence[bool], known: Mapping[str, Pairs]
) -> Gathered:
    """A corpus that begins with `texts` and goes on with the `known` pairs of each language."""
    flow, aligned = list(texts), dict[str, list[tuple[int, int]]]()
    indonesian = [place for place, ours in enumerate(is_indonesian) if ours]
    for language, pairs in known.items():
        first = len(flow)
        flow += [text for pair in pairs for text in pair]
        aligned[language] = [(first + 2 * n, first + 2 * n + 1) for n in range(len(pairs))]
        indonesian += range(first, len(flow), 2)
    return Gathered(Corpus(flow), np.array(indonesian), aligned)


def dictionary(all_: Gathered) -> sparse.csr_matrix:
    """Which Indonesian words each known word stands for: a square of shares of one.

    A word that nothing is known of stands for itself.
    """
    corpus, indonesian, aligned = all_
    size = len(corpus.known)
    heard = np.asarray(corpus.rows[indonesian].sum(axis=0)).ravel()
    itself = np.flatnonzero(heard)
    found: list[_Links] = [(itself, itself, heard[itself])]
    found += [_aligned(corpus, pairs) for pairs in aligned.values() if pairs]
    words, meant, counts = (np.concatenate(column) for column in zip(*found, strict=True))
    table = sparse.csr_matrix((counts, (words, meant)), (size, size))
    table.sum_duplicates()
    table = _shares(table)
    table.data[table.data < _LEAST_KEPT] = 0
    table.eliminate_zeros()
    unknown = np.diff(table.indptr) == 0
    whole: sparse.csr_matrix = (_shares(table) + sparse.diags(unknown.astype(np.float64))).tocsr()
    return whole.astype(np.float32)


def _shares(table: sparse.csr_matrix) -> sparse.csr_matrix:
    sums = np.asarray(table.sum(axis=1)).ravel()
    return (sparse.diags(1 / np.where(sums > 0, sums, 1)) @ table).tocsr()


def _aligned(corpus: Corpus, pairs: Sequence[tuple[int, int]]) -> _Links:
    """The word, what it stands for and how often, by IBM model 1 (Brown et al. 1993)."""
    size = len(corpus.known)
    meant, words, sentences = [], [], []
    for ours, theirs in pairs:
        from_, to = _words(corpus, ours), _words(corpus, theirs)
        if 0 < len(from_) <= _LONGEST and 0 < len(to) <= _LONGEST:
            meant.append(np.repeat(from_, len(to)))
            words.append(np.tile(to, len(from_)))
            sentences.append(np.full(len(from_) * len(to), ours))
    e, f, s = (np.concatenate(column).astype(np.int64) for column in (meant, words, sentences))
    links, link = np.unique(e * size + f, return_inverse=True)
    _, said = np.unique(s * size + e, return_inverse=True)  # an Indonesian word in its sentence
    word = links % size
    chance = counts = np.ones(len(links))
    for _ in range(_ROUNDS):
        weight = chance[link]
        counts = np.bincount(link, weight / np.bincount(said, weight)[said]).astype(np.float64)
        chance = (counts / np.bincount(word, counts, minlength=size)[word]).astype(np.float64)
    likely = chance >= _LEAST
    return word[likely], links[likely] // size, counts[likely]


def _words(corpus: Corpus, text: int) -> NDArray[np.integer]:
    rows = corpus.rows
    return np.unique(rows.indices[rows.indptr[text] : rows.indptr[text + 1]])


def meanings(corpus: Corpus, documents: Sequence[Sequence[int]], seed: int) -> Floats:
    """A direction for each known word, near that of words which stand in the same documents.

    A document is a text together with its translations, so that words of one meaning in two
    languages come to lie together (latent semantic analysis, Deerwester et al. 1990; over
    translations, Dumais et al. 1997).
    """
    from sklearn.utils.extmath import randomized_svd

    owner = np.repeat(np.arange(len(documents)), [len(one) for one in documents])
    texts = np.concatenate([np.asarray(one) for one in documents])
    whose = sparse.csr_matrix(
        (np.ones(len(texts)), (owner, texts)), (len(documents), corpus.rows.shape[0])
    )
    counts = (whose @ corpus.rows).tocsr()
    counts.data = np.log1p(counts.data)
    heard = np.bincount(counts.indices, minlength=len(corpus.known))
    kept = np.flatnonzero(heard >= _HEARD)
    rare = np.log(len(documents) / heard[kept])
    table = (counts[:, kept] @ sparse.diags(rare)).tocsr()
    lengths = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    table = (sparse.diags(1 / np.where(lengths > 0, lengths, 1)) @ table).astype(np.float32)
    most = min(_DIRECTIONS, *table.shape)
    _, strengths, found = randomized_svd(table, most, n_iter=2, random_state=seed)
    directions = (found * np.sqrt(strengths)[:, None]).T
    lengths = np.linalg.norm(directions, axis=1, keepdims=True)
    known = np.zeros((len(corpus.known), most), np.float32)
    known[kept] = directions / np.where(lengths > 0, lengths, 1)
    return known


def together(all_: Gathered, ids: Sequence[str]) -> list[list[int]]:
    """The documents of a corpus: its pairs, and the first texts, those of one id as one.

    `ids` are those of the first texts; a text without one stands alone.
    """
    documents = [list(pair) for pairs in all_.aligned.values() for pair in pairs]
    by_id = defaultdict[str, list[int]](list)
    for place, name in enumerate(ids):
        by_id[name or f"alone {place}"].append(place)
    return documents + list(by_id.values())


def lent(
    corpus: Corpus,
    places: Places,
    truth: NDArray[np.bool_],
    weight: NDArray[np.float64],
    *,
    bits: int,
    strength: float | None,
    seed: int,
    table: sparse.csr_matrix | None = None,
    directions: Floats | None = None,
    contrasts: Sequence[Contrast] = (),
) -> Lent:
    """A head for each column of `truth`, learnt from the texts at `places` and what is lent.

    `weight` has a row a text and a column a label; a text without weight is not
    shown to its label.
    `table` is a `dictionary`, `directions` are `meanings`. The mean is taken with the machines of
    `contrasts`; without `strength` it is theirs alone.
    """
    if strength is None:
        own = np.zeros((1 << bits, truth.shape[1]), np.float32)
        extra = np.zeros((len(corpus.known), truth.shape[1]), np.float32)
        bias = np.zeros(truth.shape[1], np.float32)
    else:
        own, extra, bias = _plain(
            corpus, places, truth, weight, bits, strength, seed, table, directions
        )
    share = np.float32(1 / (len(contrasts) + (strength is not None)))
    own, extra, bias = (one * share for one in (own, extra, bias))
    for contrast in contrasts:
        meant = table if contrast.translated else None
        said = corpus.apart(places, bits, meant, contrast.with_grams)
        words = len(corpus.known)
        for label in range(truth.shape[1]):
            shown = weight[:, label] > 0
            apart, shift = _contrasted(
                said[shown], truth[shown, label], weight[shown, label], contrast.strength, seed
            )
            apart, bias[label] = apart * share, bias[label] + shift * share
            extra[:, label] += apart[:words]
            own[:, label] += apart[words : words + (1 << bits)]
            if meant is not None:
                extra[:, label] += meant @ apart[words + (1 << bits) :]
    told = np.flatnonzero(np.abs(extra).max(axis=1) > _WORTH_TELLING)
    hashes = features.word_hashes([corpus.known[place] for place in told.tolist()])
    hashes, first = np.unique(hashes, return_index=True)
    return Lent(own.astype(np.float32), bias, hashes, extra[told[first]])


def _plain(
    corpus: Corpus,
    places: Places,
    truth: NDArray[np.bool_],
    weight: NDArray[np.float64],
    bits: int,
    strength: float,
    seed: int,
    table: sparse.csr_matrix | None,
    directions: Floats | None,
) -> tuple[Floats, Floats, Floats]:
    """What a machine over grams and what is lent says: of grams, of words, and its bias."""
    grams = corpus.grams(bits)
    lenders: list[sparse.csr_matrix | Floats] = [] if table is None else [table @ grams]
    if directions is not None:
        lenders.append(directions)
    rows = corpus.part(places, bits, lenders)
    fits = []
    for label in range(truth.shape[1]):
        shown = weight[:, label] > 0
        fits.append(
            margin(
                rows[shown], truth[shown, label],
                weight=weight[shown, label], strength=strength, seed=seed,
            )
        )  # fmt: skip
    learnt = np.stack([one for one, _ in fits], axis=1)
    own, rest = learnt[: 1 << bits], learnt[1 << bits :]
    extra = np.zeros((len(corpus.known), truth.shape[1]), np.float32)
    if table is not None:  # what no dictionary knows is its own translation: so read unseen words
        translated, rest = rest[: 1 << bits], rest[1 << bits :]
        own = own + translated
        extra += lenders[0] @ translated - grams @ translated
    if directions is not None:
        extra += directions @ rest
    bias = np.array([bias for _, bias in fits], np.float32)
    return own, extra, bias


def _contrasted(
    said: sparse.csr_matrix,
    truth: NDArray[np.bool_],
    weight: NDArray[np.float64],
    strength: float,
    seed: int,
) -> tuple[Floats, float]:
    """A machine over features multiplied by their log-count ratio (Wang and Manning 2012)."""
    there = sparse.diags(weight) @ (said > 0).astype(np.float64)
    yes = _SMOOTHING + np.asarray(there[truth].sum(axis=0)).ravel()
    no = _SMOOTHING + np.asarray(there[~truth].sum(axis=0)).ravel()
    ratio = np.log(yes / yes.sum()) - np.log(no / no.sum())
    rows = (said @ sparse.diags(ratio)).tocsr().astype(np.float32)
    weights, bias = margin(rows, truth, weight=weight, strength=strength, seed=seed)
    return (weights * ratio).astype(np.float32), bias
