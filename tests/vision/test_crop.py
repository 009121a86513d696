from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emotion_game.vision.crop import CropSpec, crop_face, to_gray

#: Neither margin nor reduction: the cut itself.
PLAIN = CropSpec(size_px=40, margin=0.0, shift_down=0.0, detail_px=0)


def ramp(width: int = 200, height: int = 160, *, down: bool = False) -> np.ndarray:
    """Return a gray picture whose value is its column (or row)."""
    if down:
        return np.repeat(np.arange(height, dtype=np.uint8)[:, np.newaxis], width, axis=1)
    return np.repeat(np.arange(width, dtype=np.uint8)[np.newaxis], height, axis=0)


@pytest.mark.parametrize("size_px", [16, 48, 96, 224])
@pytest.mark.parametrize("detail_px", [0, 24, 48, 300])
def test_the_crop_has_the_size_that_is_asked_for(size_px, detail_px):
    crop = crop_face(ramp(), (50, 40, 60, 60), CropSpec(size_px, 0.1, 0.0, detail_px))
    assert crop.shape == (size_px, size_px, 1)
    assert crop.dtype == np.uint8


def test_a_box_of_the_crops_own_size_is_cut_pixel_by_pixel():
    picture = np.random.default_rng(1).integers(0, 256, (160, 200), dtype=np.uint8)
    crop = crop_face(picture, (30, 20, 40, 40), PLAIN)
    assert np.array_equal(crop[:, :, 0], picture[20:60, 30:70])


def test_gray_and_colour_pictures_give_the_same_crop():
    gray = ramp()
    colour = cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR)
    forms = [gray, gray[:, :, np.newaxis], colour, cv2.cvtColor(gray, cv2.COLOR_GRAY2BGRA)]
    crops = [crop_face(form, (30, 20, 50, 50), CropSpec()) for form in forms]
    assert all(np.array_equal(crops[0], crop) for crop in crops[1:])


def test_colours_are_taken_as_blue_green_red():
    blue = np.zeros((20, 20, 3), np.uint8)
    blue[:, :, 0] = 255
    assert to_gray(blue)[0, 0] == 29
    assert to_gray(blue[:, :, ::-1].copy())[0, 0] == 76


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((20, 20), np.float32),
        np.zeros((0, 20), np.uint8),
        np.zeros((20, 20, 2), np.uint8),
        np.zeros((1, 20, 20, 3), np.uint8),
        np.zeros(20, np.uint8),
    ],
)
def test_what_is_no_picture_is_refused(picture):
    with pytest.raises(ValueError, match="expected a"):
        crop_face(picture, (0, 0, 10, 10), CropSpec())


@pytest.mark.parametrize("box", [(5, 5, 0, 10), (5, 5, 10, 0), (5, 5, -3, 10), (0, 0, 0, 0)])
def test_a_box_without_area_is_refused(box):
    with pytest.raises(ValueError, match="expected a box with an area"):
        crop_face(ramp(), box, CropSpec())


def test_where_the_square_leaves_the_picture_the_edge_is_repeated():
    crop = crop_face(ramp(), (-20, -20, 40, 40), PLAIN)[:, :, 0]
    assert np.array_equal(crop[0], [0] * 20 + list(range(20)))
    assert np.array_equal(crop[0], crop[39])
    crop = crop_face(ramp(), (180, 140, 40, 40), PLAIN)[:, :, 0]
    assert np.array_equal(crop[0], [*range(180, 200), *[199] * 20])


@pytest.mark.parametrize(
    ("box", "edge"),
    [
        ((-500, 50, 40, 40), 0),
        ((500, 50, 40, 40), 199),
        ((50, 900, 40, 40), None),
        ((50, -900, 40, 40), None),
    ],
)
def test_a_box_wholly_outside_gives_the_nearest_edge(box, edge):
    crop = crop_face(ramp(), box, PLAIN)[:, :, 0]
    expected = np.arange(50, 90) if edge is None else np.full(40, edge)
    assert np.array_equal(crop, np.tile(expected, (40, 1)))


@pytest.mark.parametrize("shape", [(1, 1), (1, 1, 3), (1, 1, 4), (1, 500), (500, 1), (4320, 7680)])
@pytest.mark.parametrize("box", [None, (0, 0, 1, 1), (-3, -3, 9, 9), (0.4, 0.4, 0.3, 0.3)])
def test_pictures_of_any_size(shape, box):
    crop = crop_face(np.full(shape, 90, np.uint8), box, CropSpec(margin=0.2))
    assert crop.shape == (96, 96, 1)
    assert np.all(np.abs(crop.astype(int) - 90) <= 1)


def test_the_margin_reaches_past_the_box_on_every_side():
    box = (80, 60, 40, 40)
    cut = crop_face(ramp(), box, CropSpec(60, 0.25, 0.0, 0))[:, :, 0]
    assert (cut[0, 0], cut[0, -1]) == (70, 129)
    cut = crop_face(ramp(down=True), box, CropSpec(60, 0.25, 0.0, 0))[:, :, 0]
    assert (cut[0, 0], cut[-1, 0]) == (50, 109)
    cut = crop_face(ramp(), box, CropSpec(20, -0.25, 0.0, 0))[:, :, 0]
    assert (cut[0, 0], cut[0, -1]) == (90, 109)


def test_the_shift_moves_the_square_down_only():
    spec = CropSpec(40, 0.0, 0.25, 0)
    assert crop_face(ramp(down=True), (80, 60, 40, 40), spec)[0, 0, 0] == 70
    assert crop_face(ramp(), (80, 60, 40, 40), spec)[0, 0, 0] == 80


def test_an_oblong_box_is_cut_as_a_square_about_its_middle():
    crop = crop_face(ramp(), (90, 60, 20, 40), PLAIN)[:, :, 0]
    assert (crop[0, 0], crop[0, -1]) == (80, 119)


def test_less_detail_removes_fine_stripes_and_keeps_coarse_ones():
    def contrast(stripe_px: int, detail_px: int) -> float:
        picture = np.where(ramp(192, 192) // stripe_px % 2 == 0, 40, 210).astype(np.uint8)
        crop = crop_face(picture, (0, 0, 192, 192), CropSpec(96, 0.0, 0.0, detail_px))
        return float(crop[48, 16:80].std())

    assert contrast(2, 0) > 60
    assert contrast(2, 24) < 15
    assert contrast(48, 24) > 60


def test_without_a_box_the_whole_picture_is_the_face():
    picture = ramp(120, 120)
    spec = CropSpec(120, 0.3, 0.2, 0)
    assert np.array_equal(crop_face(picture, None, spec)[:, :, 0], picture)


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 1000),
    width=st.integers(20, 120),
    height=st.integers(20, 120),
    x=st.integers(-30, 130),
    y=st.integers(-30, 130),
    # Even sides and even margins: half a pixel cannot be cut the same from both sides.
    half=st.integers(1, 40),
    margin=st.sampled_from([0.0, 0.5, 1.0]),
    shift_down=st.sampled_from([-0.25, 0.0, 0.1]),
    detail_px=st.sampled_from([0, 24, 48]),
)
def test_a_mirrored_picture_gives_the_mirrored_crop(
    seed, width, height, x, y, half, margin, shift_down, detail_px
):
    picture = np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)
    spec = CropSpec(48, margin, shift_down, detail_px)
    side = 2 * half
    crop = crop_face(picture, (x, y, side, side), spec).astype(int)
    mirrored = crop_face(
        np.ascontiguousarray(picture[:, ::-1]), (width - x - side, y, side, side), spec
    ).astype(int)
    # One gray level of rounding for each of the two resizings.
    assert np.abs(crop - mirrored[:, ::-1]).max() <= 2


@settings(deadline=None, max_examples=60)
@given(
    shape=st.tuples(st.integers(1, 90), st.integers(1, 90)),
    box=st.tuples(
        st.floats(-300, 300), st.floats(-300, 300), st.floats(0.01, 300), st.floats(0.01, 300)
    ),
    margin=st.floats(-0.4, 1.0),
    shift_down=st.floats(-0.5, 0.5),
)
def test_any_box_gives_a_crop_of_the_pictures_own_values(shape, box, margin, shift_down):
    picture = np.random.default_rng(3).integers(100, 120, shape, dtype=np.uint8)
    crop = crop_face(picture, box, CropSpec(32, margin, shift_down, 24))
    assert crop.shape == (32, 32, 1)
    assert 99 <= crop.min() <= crop.max() <= 120
