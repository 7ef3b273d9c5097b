"""Comparing a board's digits with each other, to tell handwriting from print."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from futoshiki.reading.likeness import SPREADS, compared

SEEDS = st.integers(0, 2**32 - 1)


def digits(seed: int, written: int, printed: int) -> np.ndarray:
    """Looks of digits of one hand and one font, which differ by 6 standard deviations in every feature."""
    rng = np.random.default_rng(seed)
    middles = np.repeat([[3.0], [-3.0]], (written, printed), axis=0)
    return (middles + rng.normal(size=(written + printed, len(SPREADS)))) * SPREADS


@given(SEEDS, st.integers(3, 12), st.integers(3, 12))
def test_a_digit_in_doubt_is_decided_by_those_that_look_like_it(seed, written, printed):
    looks = digits(seed, written, printed)
    chances = np.repeat([0.9, 0.1], (written, printed))
    chances[[0, -1]] = 0.5
    after = compared(chances, looks)
    assert after[:written].min() > 0.8
    assert after[written:].max() < 0.2


@given(SEEDS, st.integers(1, 20))
def test_where_all_digits_are_of_one_kind_nothing_changes(seed, count):
    looks = digits(seed, count, 0)
    chances = np.full(count, 0.02)
    chances[0] = 0.4
    assert np.allclose(compared(chances, looks), chances)


@settings(max_examples=30)
@given(SEEDS, st.integers(1, 15), st.integers(1, 15))
def test_neither_the_order_nor_which_kind_is_called_written_matters(seed, written, printed):
    rng = np.random.default_rng(seed)
    looks, chances = digits(seed, written, printed), rng.uniform(size=written + printed)
    after = compared(chances, looks)
    assert ((after >= 0) & (after <= 1)).all()
    order = rng.permutation(len(chances))
    assert np.allclose(compared(chances[order], looks[order]), after[order])
    assert np.allclose(compared(1 - chances, looks), 1 - after)


def test_a_digit_does_not_confirm_itself():
    looks = digits(0, 6, 6)
    chances = np.repeat([0.95, 0.05], 6)
    chances[0] = 0.2  # its form says print, its look says handwriting
    assert compared(chances, looks)[0] > 0.5
