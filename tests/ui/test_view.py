import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ui.map.decorations import bar_length
from ui.map.view import View

coordinate = st.floats(-5e6, 5e6)
pixel = st.floats(0, 2000)
views = st.builds(
    View, x=coordinate, y=coordinate, scale=st.floats(1e-4, 50), width=st.integers(1, 3000), height=st.integers(1, 3000)
)  # fmt: skip


@given(views, pixel, pixel)
def test_a_pixel_taken_to_the_world_and_back_is_the_same_pixel(view: View, px: float, py: float) -> None:
    assert view.point_to_screen(*view.point_to_world(px, py)) == pytest.approx((px, py), abs=1e-3)


@given(views, pixel, pixel, st.floats(0.1, 10))
def test_zooming_keeps_the_place_under_the_cursor(view: View, px: float, py: float, factor: float) -> None:
    before, after = view.point_to_world(px, py), view.zoomed(factor, px, py).point_to_world(px, py)
    assert after == pytest.approx(before, abs=1e-3 / view.scale + 1e-6)


@given(views, st.floats(-500, 500), st.floats(-500, 500))
def test_panning_moves_the_picture_with_the_hand(view: View, dx: float, dy: float) -> None:
    place = view.point_to_world(100.0, 100.0)
    assert view.panned(dx, dy).point_to_screen(*place) == pytest.approx((100.0 + dx, 100.0 + dy), abs=1e-3)


@given(views, coordinate, coordinate, st.floats(1, 1e5), st.floats(1, 1e5))
def test_a_fitted_view_sees_all_of_the_bounds(view: View, x: float, y: float, wide: float, high: float) -> None:
    left, bottom, right, top = view.fitted((x, y, x + wide, y + high)).bounds
    assert left <= x
    assert bottom <= y
    assert right >= x + wide
    assert top >= y + high


def test_many_points_go_where_each_goes_alone() -> None:
    view = View(500_000, 4_000_000, 0.7, 800, 600)
    xy = np.array([[500_000.0, 4_000_000.0], [500_100.0, 4_000_050.0]])
    assert view.to_screen(xy).tolist() == [list(view.point_to_screen(*place)) for place in xy.tolist()]


def test_boxes_beside_the_view_are_not_seen_and_empty_ones_never() -> None:
    view = View(0, 0, 1.0, 100, 100)
    boxes = np.array([[-10, -10, 10, 10], [60, 0, 70, 10], [np.nan] * 4])
    assert view.sees(boxes).tolist() == [True, False, False]


@given(st.floats(1e-4, 400))
@example(0.14)
def test_the_scale_bar_is_a_round_length_that_has_room(scale: float) -> None:
    metres = bar_length(scale)
    assert metres * scale <= 140.0 + 1e-9
    assert float(f"{metres:e}"[0]) in {1, 2, 5}
