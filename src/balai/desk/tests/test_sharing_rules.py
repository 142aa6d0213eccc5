"""Who gets which work."""

from hypothesis import given
from hypothesis import strategies as st

from balai.desk.rules.sharing import Hand, Piece, share, stand_in, takers


def test_the_least_loaded_relative_to_capacity_gets_the_next_piece():
    hands = [Hand(1, capacity=10, load=4), Hand(2, capacity=4, load=1)]
    assert share([Piece(7)], hands) == [(7, 2)]


def test_of_two_alike_the_first_gets_it_and_then_it_is_the_others_turn():
    hands = [Hand(2, 10, 0), Hand(1, 10, 0)]
    assert share([Piece(7), Piece(8), Piece(9)], hands) == [(7, 1), (8, 2), (9, 1)]


def test_who_is_full_gets_nothing_and_what_nobody_may_take_is_left():
    full, water = Hand(1, 2, 2), Hand(2, 5, 0, everywhere=False, units=frozenset({4}))
    assert share([Piece(7, 3), Piece(8, 4), Piece(9)], [full, water]) == [(8, 2)]


def test_a_deputys_deputy_stands_in_and_a_circle_of_absent_ones_leaves_nobody():
    assert stand_in(1, {}) == 1
    assert stand_in(1, {1: 2}) == 2
    assert stand_in(1, {1: 2, 2: 3}) == 3
    assert stand_in(1, {1: None}) is None
    assert stand_in(1, {1: 2, 2: 1}) is None
    assert takers([1, 4], {1: 4}) == [4]


hands = st.lists(
    st.builds(
        Hand,
        st.integers(1, 6),
        st.integers(1, 5),
        st.integers(0, 6),
        st.booleans(),
        st.frozensets(st.integers(1, 3)),
    ),
    unique_by=lambda hand: hand.member_id,
)
pieces = st.lists(
    st.builds(Piece, st.integers(1, 40), st.none() | st.integers(1, 3)),
    unique_by=lambda piece: piece.conversation_id,
)


@given(pieces, hands, st.randoms())
def test_nobody_gets_more_than_fits_nothing_goes_twice_and_the_order_of_hands_says_nothing(
    pieces, hands, random
):
    given_out = share(pieces, hands)
    shuffled = list(hands)
    random.shuffle(shuffled)
    assert share(pieces, shuffled) == given_out
    conversations = [conversation for conversation, _ in given_out]
    assert len(conversations) == len(set(conversations))
    by_id = {hand.member_id: hand for hand in hands}
    units = {piece.conversation_id: piece.unit_id for piece in pieces}
    for member, hand in by_id.items():
        got = [c for c, m in given_out if m == member]
        assert hand.load + len(got) <= max(hand.capacity, hand.load)
        assert all(hand.may_take(units[c]) for c in got)
    left = [p for p in pieces if p.conversation_id not in conversations]
    loads = {m: h.load + sum(1 for _, x in given_out if x == m) for m, h in by_id.items()}
    for piece in left:
        assert not any(
            h.may_take(piece.unit_id) and loads[m] < h.capacity for m, h in by_id.items()
        )
