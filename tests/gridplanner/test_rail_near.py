"""Places on rail lines: the nearest one, pieces, and what a chainage that somebody typed means over broken chains and systems."""

import numpy as np
import pytest

from gridplanner.model.mileage import Mileage
from gridplanner.model.rail import RailLine
from gridplanner.model.rail_near import is_chainage, length_of, named_places, piece_of, place_at, places_at, spot_near, ways_at


def _line() -> RailLine:
    """1 km east, then 1 km north: K10 to K11+500 with 20 m left out at 400 m and 520 m read twice at 1 km; DK beside it."""
    along = np.array([0.0, 400.0, 1000.0, 2000.0])
    read = Mileage(along, np.array([10_000.0, 10_400, 11_020, 11_500]), np.array([10_000.0, 10_420, 10_500, 11_500]))
    built = Mileage(np.array([0.0, 2000.0]), np.array([0.0, 2000.0]), np.array([0.0, 2000.0]), "DK", "down")
    return RailLine("甲线", np.array([[0.0, 0.0], [1000.0, 0.0], [1000.0, 1000.0]]), 10_000.0, (read, built))


LINE = _line()
OTHER = RailLine("乙线", np.array([[0.0, 500.0], [600.0, 500.0]]), 10_000.0)


def test_a_place_is_found_and_found_again():
    for along in np.linspace(0.0, 2000.0, 81).tolist():
        x, y = place_at(LINE, along)
        spot = spot_near((OTHER, LINE), x, y, 1.0)
        assert spot is not None
        assert (spot.line, spot.along) == (1, pytest.approx(along))
    spot = spot_near((OTHER, LINE), 500.0, 480.0, 100.0)
    assert spot is not None
    assert (spot.line, spot.along, spot.away) == (0, 500.0, pytest.approx(20.0))
    assert spot_near((OTHER, LINE), 500.0, 250.0, 249.0) is None


def test_pieces_keep_corners_and_lengths():
    piece = piece_of(LINE, 900.0, 1250.0)
    assert piece.tolist() == [[900.0, 0.0], [1000.0, 0.0], [1000.0, 250.0]]
    assert length_of(LINE) == 2000.0
    assert np.allclose(places_at(LINE, np.array([-5.0, 1500.0, 9999.0])), [[0, 0], [1000, 500], [1000, 1000]])
    assert np.allclose(ways_at(LINE, np.array([10.0, 1000.0, 2000.0])), [[1, 0], [0, 1], [0, 1]])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("K10+200", [(200.0, "K10+200", False)]),
        ("k10+200", [(200.0, "K10+200", False)]),
        ("K10+410", [(400.0, "K10+420", True)]),
        ("DK1+500", [(1500.0, "DK1+500", False)]),
        ("DK1", [(1000.0, "DK1+000", False)]),
        ("CK1+500", []),
        ("K99", []),
    ],
)
def test_a_text_names_its_places(text, expected):
    assert [(round(one.along, 6), one.text, one.broken) for one in named_places((LINE,), text)] == expected


def test_a_reading_that_occurs_twice_gives_both_places_and_each_is_found_by_its_own_text():
    both = named_places((LINE,), "K10+800")
    assert [one.twice for one in both] == [True, True]
    assert both[0].along < 1000.0 < both[1].along
    for one in both:
        assert one.along in [found.along for found in named_places((LINE,), one.text)]
    (first,) = named_places((LINE,), both[0].text)
    assert first.along == both[0].along


def test_without_letters_every_line_and_system_is_meant():
    found = named_places((LINE, OTHER), "10+100")
    assert [(one.line, one.system) for one in found] == [(0, 0), (1, 0)]
    assert {one.system for one in named_places((LINE,), "0+300")} == {1}


def test_a_number_alone_is_no_chainage():
    assert all(is_chainage(text) for text in ("K10", "10+5", "10公里"))
    assert not any(is_chainage(text) for text in ("10", "10.5", "六号", ""))
