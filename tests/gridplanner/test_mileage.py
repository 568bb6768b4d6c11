"""What posts say at each place of a line, and the places that a text names: over broken chains, in several systems, in any writing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridplanner.model.mileage import Mileage, NearPlace, chainage_text, converted, plain_mileage, read_chainage, split_chainage

SHAPES = {
    "K814+300": ("K", 814_300), "DK12+5.5": ("DK", 12_005.5), "814+300": ("", 814_300), " k0+000 ": ("K", 0), "K163＋1200": ("K", 164_200),
    "IK3+07": ("IK", 3007), "Ｋ８１４＋３００": ("K", 814_300), "K 814 + 300": ("K", 814_300), "K814 300": ("K", 814_300),
    "k814+300m": ("K", 814_300), "KM814+300": ("K", 814_300), "814公里300米": ("", 814_300), "K814公里+300": ("K", 814_300),
    "D1K12+300": ("D1K", 12_300), "ⅡK5+020": ("IIK", 5020), "-K0+050": ("K", -50), "K-1+200": ("K", -1200), "K899+1020": ("K", 900_020),
}  # fmt: skip
KILOMETRES = {
    "814.3": ("", 814_300), "K814": ("K", 814_000), "dk12.5": ("DK", 12_500), "814.3 km": ("", 814_300), "８１４．３": ("", 814_300),
    "814": ("", 814_000), "814.3公里": ("", 814_300), "-0.05": ("", -50),
}  # fmt: skip


@pytest.mark.parametrize(("text", "read"), SHAPES.items())
def test_a_chainage_is_read_however_it_is_written(text: str, read: tuple[str, float]) -> None:
    letters, kilometres, metres = split_chainage(text)
    assert (letters, 1000 * kilometres + metres) == read
    assert read_chainage(text) == read


@pytest.mark.parametrize(("text", "read"), KILOMETRES.items())
def test_kilometres_alone_are_a_chainage_only_where_one_is_asked_for(text: str, read: tuple[str, float]) -> None:
    assert read_chainage(text) == read
    with pytest.raises(ValueError, match="is not a chainage"):
        split_chainage(text)


@pytest.mark.parametrize(
    "text", ["", "K8+1+2", "+300", "KM8+", "K814-300", "--K1+000", "-K-1+000", "814 300", "格尔木", "K8+3 00", "1.5+300"]
)
def test_what_is_no_chainage_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a chainage"):
        split_chainage(text)
    assert math.isnan(read_chainage(text)[1])


@given(st.floats(-9e5, 9e6), st.sampled_from([0, 1, 3]), st.sampled_from(["K", "DK", "D1K", ""]))
def test_a_chainage_written_is_read_again(metres: float, decimals: int, prefix: str) -> None:
    text = chainage_text(metres, prefix, decimals)
    letters, read = read_chainage(text)
    assert letters == prefix
    assert read == pytest.approx(metres, abs=0.5001 * 10**-decimals)
    assert len(text.split("+")[1].split(".")[0]) == 3


def chained(start: float, stretches: list[float], jumps: list[float], paces: list[float], prefix: str = "K") -> Mileage:
    """A mileage of stretches of so many metres with broken chains between them: a jump below 0 is a long chain."""
    along, behind, ahead = [0.0], [start], [start]
    for stretch, jump, pace in zip(stretches, [*jumps, 0.0], paces, strict=True):
        along.append(along[-1] + stretch)
        behind.append(ahead[-1] + stretch * pace)
        ahead.append(behind[-1] + jump)
    return Mileage(np.array(along), np.array(behind), np.array(ahead), prefix)


@st.composite
def mileages(draw: st.DrawFn) -> Mileage:
    count = draw(st.integers(1, 6))
    stretches = draw(st.lists(st.floats(500, 40_000), min_size=count, max_size=count))
    paces = draw(st.lists(st.sampled_from([0.8, 0.98, 1.0, 1.004, 1.2]), min_size=count, max_size=count))
    jumps = [draw(st.sampled_from([-2500.0, -350.5, -20.0, -1.0, 0.0, 0.4, 20.0, 777.7, 30_000.0])) for _ in range(count - 1)]
    return chained(draw(st.floats(20_000, 2e6)), stretches, jumps, paces)


@settings(max_examples=150, deadline=None)
@given(mileages(), st.lists(st.floats(0, 1), min_size=1, max_size=6), st.sampled_from([0, 1]), st.booleans())
def test_a_place_is_found_again_by_its_text_over_long_and_short_chains(
    line: Mileage, shares: list[float], decimals: int, coming: bool
) -> None:
    for share in (*shares, 0.0, 1.0):
        along = share * float(line.along[-1])
        text = line.text(along, coming=coming, decimals=decimals)
        (found,) = line.find(text)
        assert found == pytest.approx(along, abs=0.51 * 10**-decimals / 0.8)
        assert line.nearest(text) == NearPlace(found, line.text(found))


@settings(max_examples=60, deadline=None)
@given(mileages(), st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_readings_at_many_places_are_those_at_each(line: Mileage, shares: list[float]) -> None:
    along = np.array([*(share * line.along[-1] for share in shares), *line.along[:-1]])
    assert line.readings(along).tolist() == pytest.approx([line.at(one) for one in along.tolist()])
    for one in along.tolist():
        assert any(place == pytest.approx(one, abs=1e-3) for place in line.places(line.at(one)))


LONG = chained(890_000, [10_020, 20_000], [-20.0], [1.0, 1.0])  # K900+020 = K900+000
SHORT = chained(890_000, [10_000, 20_000], [20.0], [1.0, 1.0])  # K900+000 = K900+020


def test_the_earlier_place_of_a_long_chain_counts_on_past_a_thousand_metres() -> None:
    assert [LONG.text(at) for at in (9_990, 10_000, 10_010, 10_020, 10_030)] == [
        "K899+990",
        "K899+1000",
        "K899+1010",
        "K900+000",
        "K900+010",
    ]
    assert LONG.text(10_020, coming=True) == "K899+1020"
    assert LONG.places(900_010) == (10_010.0, 10_030.0)
    assert LONG.find("K899+1010") == (10_010.0,)
    assert LONG.find("900+010") == (10_030.0,)
    assert LONG.find("k895+1200") == (6_200.0,)  # counted on where nothing asks for it
    assert LONG.breaks == (1,)


def test_a_long_chain_within_a_kilometre_and_over_several_is_told_apart_too() -> None:
    inner = chained(890_000, [10_520, 20_000], [-20.0], [1.0, 1.0])  # K900+520 = K900+500
    assert (inner.text(10_510), inner.text(10_530)) == ("K899+1510", "K900+510")
    long = chained(890_000, [13_000, 20_000], [-3_000.0], [1.0, 1.0])  # K903+000 = K900+000
    assert (long.text(12_500), long.text(15_500)) == ("K899+3500", "K902+500")
    assert long.find("K899+3500") == (12_500.0,)


def test_readings_that_a_short_chain_leaves_out_are_nowhere_and_the_nearest_place_is_named() -> None:
    assert SHORT.places(900_010) == ()
    assert SHORT.find("K900+010") == ()
    assert SHORT.nearest("K900+010") == NearPlace(10_000.0, "K900+020", "broken")
    assert (SHORT.at(10_000), SHORT.at(10_000, coming=True)) == (900_020.0, 900_000.0)
    assert SHORT.nearest("K880+000") == NearPlace(0.0, "K890+000", "beyond")
    assert SHORT.nearest("K999+000") == NearPlace(30_000.0, "K920+020", "beyond")
    assert SHORT.nearest("DK899+000").why == "system"
    assert SHORT.find("DK899+000") == ()
    with pytest.raises(ValueError, match="is not a chainage"):
        SHORT.find("here")


def test_a_reading_is_converted_between_systems() -> None:
    design = plain_mileage(30_020, 12_300, "DK")
    assert converted("K899+1010", LONG, design) == "DK22+310"
    assert converted("DK22+310", design, LONG) == "K899+1010"
    assert converted("K700+000", LONG, design) == ""


@settings(max_examples=60, deadline=None)
@given(mileages(), st.floats(0, 0.9), st.floats(0.01, 1))
def test_a_piece_of_a_line_reads_what_the_line_reads(line: Mileage, share: float, rest: float) -> None:
    low = share * float(line.along[-1])
    high = low + max(rest * (float(line.along[-1]) - low), 1.0)
    piece = line.clipped(low, high)
    assert piece.along[-1] == pytest.approx(high - low)
    for at in np.linspace(low, high, 7)[1:-1].tolist():
        assert piece.at(at - low) == pytest.approx(line.at(at), abs=1e-6) or any(abs(at - line.along[row]) < 1e-5 for row in line.breaks)
    assert piece.at(high - low, coming=True) == pytest.approx(line.at(high, coming=True))
