"""Digits as strokes of a pen."""

import random

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from futoshiki.training.synth.strokes import SHAPES, random_hand, shaken, smooth


def small(ink: np.ndarray) -> np.ndarray:
    x, y, w, h = cv2.boundingRect(ink)
    return cv2.resize(cv2.blur(ink[y : y + h, x : x + w], (9, 9)), (16, 24)).astype(float).ravel()


def test_every_digit_has_several_shapes_in_its_box():
    assert set(SHAPES) == set(range(1, 10))
    for ways in SHAPES.values():
        assert len(ways) >= 3
        for shape in ways:
            points = np.array([point for stroke in shape for point in stroke])
            assert (points.min() >= 0) and (points.max() <= 1)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 9))
def test_ink_stays_inside_its_picture_and_is_one_thin_thing(seed, value):
    rng = random.Random(seed)
    ink = random_hand(rng).ink(rng, value)
    assert ink.max() == 255
    assert not ink[[0, -1]].any() and not ink[:, [0, -1]].any()
    assert 0.005 < (ink > 127).mean() < 0.4


def test_digits_of_one_writer_are_more_alike_than_those_of_two_and_never_the_same():
    rng = random.Random(1)
    own, strange = [], []
    for value in range(1, 10):
        for _ in range(6):
            first, second = random_hand(rng), random_hand(rng)
            a, b, c = first.ink(rng, value), first.ink(rng, value), second.ink(rng, value)
            assert a.shape != b.shape or (a != b).any()
            own.append(np.corrcoef(small(a), small(b))[0, 1])
            strange.append(np.corrcoef(small(a), small(c))[0, 1])
    assert np.mean(own) > np.mean(strange) + 0.1


def test_a_curve_runs_through_its_points_and_a_corner_stays_one():
    stroke = ((0.0, 0.0), (0.5, 0.0), (0.5, 0.0), (0.5, 1.0))
    curve = smooth(np.array(stroke))
    for point in stroke:
        assert np.abs(curve - point).max(axis=1).min() == pytest.approx(0, abs=1e-9)
    assert np.abs(curve[:, 0]).max() < 0.56  # a smooth turn would swing out further
    moved = shaken(random.Random(0), stroke, 0.1)
    assert (moved[1] == moved[2]).all() and (moved[0] != np.array(stroke[0])).all()
