"""Labels that make room for each other, and regions of a picture."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ui.map.label_places import overlapping, without_overlap
from ui.map.regions import Region, around, regions_of, step_of

box = st.tuples(st.floats(0, 300), st.floats(0, 200), st.floats(1, 60), st.floats(1, 30))


def one_by_one(boxes: np.ndarray, rank: np.ndarray) -> list[bool]:
    kept: list[int] = []
    for row in np.argsort(rank).tolist():
        if not any(overlap(boxes[row], boxes[other]) for other in kept):
            kept.append(row)
    return [row in kept for row in range(len(boxes))]


def overlap(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3])


@given(st.lists(box, max_size=40), st.randoms(use_true_random=False))
def test_labels_kept_are_those_kept_one_by_one(placed: list[tuple[float, float, float, float]], random: object) -> None:
    boxes = np.array([(x, y, x + wide, y + high) for x, y, wide, high in placed]).reshape(-1, 4)
    rank = np.array(random.sample(range(len(placed)), len(placed)), np.int64)  # type: ignore[attr-defined]
    assert without_overlap(boxes, rank).tolist() == one_by_one(boxes, rank)
    pairs = {frozenset(pair) for pair in zip(*(part.tolist() for part in overlapping(boxes)), strict=True)}
    assert pairs == {frozenset((a, b)) for a in range(len(boxes)) for b in range(a) if overlap(boxes[a], boxes[b])}


@given(st.lists(box, min_size=1, max_size=120), st.sampled_from([1, 2, 4]))
def test_regions_cover_every_box_on_whole_steps(placed: list[tuple[float, float, float, float]], step: int) -> None:
    boxes = np.array([(x - 20, y - 20, x + wide, y + high) for x, y, wide, high in placed])
    regions = regions_of(boxes, 320, 200, step)
    assert len(regions) <= 6
    assert all(not part % step for region in regions for part in (region.left, region.top, region.right, region.bottom))
    for left, top, right, bottom in boxes.clip((0, 0, 0, 0), (320, 200, 320, 200)).tolist():
        if left < right and top < bottom:
            assert any(r.left <= left and r.top <= top and r.right >= right and r.bottom >= bottom for r in regions)


def test_far_boxes_are_regions_of_their_own_and_those_out_of_sight_none() -> None:
    boxes = np.array([[10, 10, 20, 20], [25, 10, 40, 20], [900, 700, 950, 720], [-50, 0, -5, 10]], float)
    assert regions_of(boxes, 1000, 800, 1) == [Region(10, 10, 30, 10), Region(900, 700, 50, 20)]
    assert regions_of(boxes[3:], 1000, 800, 1) == []


def test_strips_and_window_tile_the_picture() -> None:
    window = Region(20, 10, 100, 60)
    strips = around(window, 140, 80)
    assert sum(part.width * part.height for part in [window, *strips]) == 140 * 80
    assert around(Region(0, 0, 140, 80), 140, 80) == []


def test_a_step_is_a_whole_number_of_screen_pixels() -> None:
    assert [step_of(ratio) for ratio in (1.0, 1.25, 1.5, 2.0, 1.1)] == [1, 4, 2, 1, 10]
    assert step_of(1.2345678) == 0
