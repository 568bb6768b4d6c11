"""Lines put together and measured: by posts, stations and marks, over broken chains, in several systems."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import shapely
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from gridplanner.errors import InputError
from gridplanner.model.lines import Lines
from gridplanner.model.mileage import chainage_text, converted
from gridplanner.model.places import Stations, texts
from gridplanner.planning.rail_lines import lines_of
from gridplanner.planning.rail_readings import same_line
from gridplanner.rail_settings import RailBreak, RailMark
from tests.measured_line import STRAIGHT, assert_found_again, kinds, posts, project, tracks


def test_the_line_is_calibrated_between_posts_and_runs_as_they_rise():
    (line,), issues = lines_of(project(posts((9_000, 815.0), (5_000, 819.1), (2_000, 822.0))))
    assert line.coords[[0, -1]].tolist() == [[10_000, 0], [0, 0]]
    mileage = line.mileage
    assert [mileage.at(at) for at in (1_000, 5_000, 8_000)] == pytest.approx([815_000, 819_100, 822_000])
    assert mileage.at(3_000) == pytest.approx(817_050)
    assert line.start == pytest.approx(814_000)
    assert issues == []


def test_without_posts_the_line_begins_in_the_west_and_says_so():
    (line,), issues = lines_of(project(prefix="DK"))
    assert (line.mileage.text(0.0), line.mileage.text(10_000.0)) == ("DK0+000", "DK10+000")
    assert kinds(issues) == ["no_posts"]
    (line,), issues = lines_of(project(posts((2_000, 822.0))))
    assert line.mileage.text(0.0) == "K820+000"
    assert kinds(issues) == ["one_post"]


def test_broken_chains_lie_where_they_are_read_and_go_on_with_what_they_equal():
    breaks = (RailBreak("K3+020", "K3+000"), RailBreak("K6+000", "K6+300"), RailBreak("K800+000", "K801+000"))
    given = posts((0, 0.0), (2_000, 2.0), (4_020, 4.0), (5_020, 5.0), (7_020, 7.3), (10_000, 10.28))
    (line,), issues = lines_of(project(given, breaks=breaks))
    mileage = line.mileage
    assert kinds(issues) == ["break_nowhere"]
    assert "K800+000" in issues[0].message
    assert [mileage.along[row] for row in mileage.breaks] == pytest.approx([3020, 6020])
    assert [mileage.text(at) for at in (3_010, 3_020, 3_030, 6_010, 6_020)] == ["K2+1010", "K3+000", "K3+010", "K5+990", "K6+300"]
    assert mileage.find("K6+100") == ()
    assert mileage.nearest("K6+100").why == "broken"
    assert_found_again(line, mileage, 7.0)


def test_a_chain_that_begins_the_count_anew_is_a_long_one():
    given = posts((0, 810.0), (3_000, 813.0), (5_000, 1.0), (9_000, 5.0))
    (line,), issues = lines_of(project(given, breaks=(RailBreak("K814+000", "K0+000"),)))
    assert issues == []
    assert (line.mileage.text(3_900), line.mileage.text(4_100)) == ("K813+900", "K0+100")


def test_a_break_of_a_named_line_or_track_is_no_other_ones():
    given = posts((0, 0.0), (10_000, 10.0))
    for wrong in (RailBreak("K3+000", "K4+000", line="陇海线"), RailBreak("DK3+000", "DK4+000"), RailBreak("K3+000", "K4+000", track="up")):
        (line,), issues = lines_of(project(given, breaks=(wrong,)))
        assert line.mileage.breaks == ()
        assert kinds(issues) == ["break_nowhere"]


@pytest.mark.parametrize("one", [RailBreak("K3+000", "three"), RailBreak("K3+000", "DK4+000")])
def test_a_break_that_cannot_be_read_is_refused(one):
    with pytest.raises(InputError, match=r"rail\.breaks"):
        lines_of(project(posts((0, 0.0)), breaks=(one,)))


def test_a_post_that_cannot_be_right_is_left_out_and_told_with_its_place():
    given = posts(*((1_000.0 * k, 100.0 + k) for k in range(11) if k != 6), (6_000, 160.0))
    (line,), (issue,) = lines_of(project(given))
    assert line.mileage.at(6_000) == pytest.approx(106_000)
    assert issue.kind == "post"
    assert (issue.x, issue.y) == (6_000, 5)
    assert "K160+000" in issue.message
    assert "K106+000" in issue.message
    lone = posts(*((1_000.0 * k, 100.0 + k + 0.4 * (k == 6)) for k in range(11)))
    (line,), (issue,) = lines_of(project(lone))
    assert line.mileage.at(6_000) == pytest.approx(106_000)
    assert "400 m off" in issue.message


def test_a_station_told_to_a_tenth_of_a_kilometre_does_not_bend_what_posts_say():
    along = [*(1_000.0 * k for k in range(11)), 3_346.0, 8_140.0]
    km = [*(100.0 + k for k in range(11)), 103.4, 108.4]
    given = dataclasses.replace(posts(*zip(along, km, strict=True)), posts=np.arange(13) < 11, names=texts([""] * 11 + ["站"] * 2))
    (line,), issues = lines_of(project(given))
    assert line.mileage.at(3_346.0) == pytest.approx(103_346)
    assert [issue.ref for issue in issues] == ["K108+400"]  # 260 m are more than rounding


def test_what_is_wrong_far_from_the_guarded_stretch_is_not_told():
    given = posts(*((1_000.0 * k, 100.0 + k) for k in range(11) if k != 6), (6_000, 160.0))
    assert kinds(lines_of(project(given, start="K100", stop="K104+500"))[1]) == []
    assert kinds(lines_of(project(given, start="K100", stop="K105+500"))[1]) == ["post"]


def test_a_stretch_beyond_drawing_errors_is_told_with_its_remedy():
    given = posts(*((1_000.0 * k, 100.0 + k + 0.8 * (k > 4)) for k in range(11)))
    (line,), (issue,) = lines_of(project(given))
    assert issue.kind == "chain"
    assert "[[rail.breaks]]" in issue.message
    assert "800 m more" in issue.message
    assert (issue.x, issue.y) == (4_500, 0)
    declared = (RailBreak("K104+500", "K105+300"),)
    (line,), issues = lines_of(project(given, breaks=declared))
    assert issues == []
    assert line.mileage.at(4_600) == pytest.approx(105_400)


def test_every_mileage_system_of_a_line_is_one_of_its_mileages():
    given = posts((0, 100.0), (10_000, 110.0), (1_000, 13.0), (6_000, 18.0), letters=["K", "K", "DK", "DK"])
    (line,), issues = lines_of(project(given))
    assert issues == []
    assert [(each.prefix, each.track, each.text(0.0)) for each in line.mileages] == [("K", "", "K100+000"), ("DK", "", "DK12+000")]
    assert converted("K103+500", *line.mileages) == "DK15+500"
    (line,), _issues = lines_of(project(given, prefix="DK", start="DK13+000", stop="K108+000"))
    assert [each.text(0.0) for each in line.mileages] == ["DK13+000", "K101+000"]
    assert [each.text(7_000.0) for each in line.mileages] == ["DK20+000", "K108+000"]


def test_up_and_down_tracks_have_a_mileage_each_that_counts_common_posts_too():
    given = posts((0, 100.0), (10_000, 110.0), (5_000, 105.2), (5_000, 104.9), track=["", "", "up", "down"])
    (line,), issues = lines_of(project(given, breaks=(RailBreak("K107+000", "K107+010", track="up"),)))
    assert [(each.track, round(each.at(5_000))) for each in line.mileages] == [("", 105_000), ("down", 104_900), ("up", 105_200)]
    assert [len(each.breaks) for each in line.mileages] == [0, 0, 1]
    assert kinds(issues) == []


def test_two_tracks_are_one_corridor():
    both = tracks([(0, 0), (10_000, 0)], [(0, 4), (1_000, 150), (9_000, 150), (10_000, 4)], sides=["down", "up"])
    lines, _issues = lines_of(project(railway=both))
    assert len(lines) == 1


def test_stations_and_marks_measure_a_line_and_marks_are_believed():
    given = posts((0, np.nan), (5_000, np.nan), (10_000, np.nan), y=250.0, names=("西宁站", "哈尔盖", "格尔木"))
    marks = (RailMark("K0", name="西宁"), RailMark("K11+500", name="格尔木"))
    (line,), issues = lines_of(project(given, marks=marks))
    assert issues == []
    assert (line.mileage.text(0.0), line.mileage.text(5_000.0), line.mileage.text(10_000.0)) == ("K0+000", "K5+750", "K11+500")
    wrong = posts((4_000, 900.0))
    (line,), issues = lines_of(project(wrong, marks=(RailMark("K0", x=0.0, y=0.0), RailMark("K10", x=10_000.0, y=0.0))))
    assert line.mileage.at(4_000) == pytest.approx(4_000)
    assert kinds(issues) == ["post"]
    (line,), issues = lines_of(project(marks=(RailMark("K0", x=0.0, y=0.0), RailMark("K10", x=90_000.0, y=0.0))))
    assert kinds(issues) == ["one_post", "far_post"]


def test_a_mark_by_name_where_no_station_has_one_is_refused():
    with pytest.raises(InputError, match="no station 昆仑, as no station has a name; give x and y"):
        lines_of(project(posts((0, 0.0), (10_000, 10.0)), marks=(RailMark("K1", "昆仑"),)))


def test_a_mark_that_names_nothing_is_refused():
    given = posts((0, np.nan), names=("西宁站",))
    with pytest.raises(InputError, match=r"no station 西宁东站; did you mean 西宁站\?"):
        lines_of(project(given, marks=(RailMark("K0", name="西宁东站"),)))
    with pytest.raises(InputError, match="here is not a chainage"):
        lines_of(project(given, marks=(RailMark("here", name="西宁站"),)))


def test_posts_measure_the_line_that_they_name():
    both = tracks([(0, 0), (10_000, 0)], [(0, 60), (10_000, 60)], names=["青藏铁路", "格库铁路"])
    both = dataclasses.replace(both, lines=Lines(both.lines.coords + np.array([[0, 0], [0, 0], [0, 20], [0, 20]]), both.lines.offsets))
    lines, issues = lines_of(project(posts((0, 100.0), (10_000, 110.0), y=70.0, line="青藏线"), railway=both))
    assert [(line.name, line.mileage.text(0.0)) for line in lines] == [("青藏铁路", "K100+000"), ("格库铁路", "K0+000")]
    lines, issues = lines_of(project(posts((0, 100.0), (10_000, 110.0), y=70.0, line="兰新线"), railway=both))
    assert [line.mileage.text(0.0) for line in lines if line.name == "格库铁路"] == ["K100+000"]
    assert kinds(issues).count("no_posts") == 1


def test_lines_come_in_the_order_of_their_mileage_and_the_others_where_they_join():
    three = tracks([(0, 0), (10_000, 0)], [(30_000, 0), (42_000, 0)], [(10_000, 90), (12_000, 9_000)], names=["东", "西", "支"])
    given = posts((0, 50.0), (10_000, 40.0), (30_000, 20.0), (42_000, 8.0))
    lines, _issues = lines_of(project(given, railway=three))
    assert [line.name for line in lines] == ["西", "东", "支"]
    lines, issues = lines_of(project(railway=three))
    assert [line.name for line in lines] == ["东", "西", "支"]
    assert "gap" in kinds(issues)
    assert lines_of(project(railway=three, line="支线"))[0][0].name == "支"
    with pytest.raises(InputError, match="南 is not there; the lines are 东, 西, 支"):
        lines_of(project(railway=three, line="南"))


def test_the_guarded_stretch_is_cut_out_with_its_mileage():
    breaks = (RailBreak("K3+020", "K3+000"), RailBreak("K6+000", "K6+300"))
    given = posts((0, 0.0), (4_020, 4.0), (5_020, 5.0), (10_000, 10.28))
    (line,), issues = lines_of(project(given, breaks=breaks, start="K2+1010", stop="８．３"))
    assert issues == []
    assert line.coords[[0, -1], 0].tolist() == pytest.approx([3_010, 8_020])
    assert (line.mileage.text(0.0), line.mileage.text(5_010.0)) == ("K2+1010", "K8+300")
    assert line.mileage.along[-1] == np.hypot(*np.diff(line.coords, axis=0).T).sum()
    (line,), issues = lines_of(project(given, breaks=breaks, start="K8+000", stop="K6+100"))  # the wrong way round, from within a gap
    assert line.mileage.text(0.0) == "K6+300"
    assert kinds(issues) == ["in_gap"]
    assert "K6+300" in issues[0].message


@pytest.mark.parametrize(("start", "words"), [("K50+000", r"K50\+000.*K0\+000–K10\+280"), ("DK1+000", "DK1"), ("fifty", "from, to: fifty")])
def test_a_stretch_on_no_line_is_refused(start, words):
    with pytest.raises(InputError, match=words):
        lines_of(project(posts((0, 0.0), (10_000, 10.28)), start=start, stop="K60+000" if start != "DK1+000" else ""))


def test_an_end_that_is_read_twice_says_which_place_is_taken():
    given = posts((0, 0.0), (4_000, 4.0), (7_000, 6.5), (10_000, 9.5))
    chain = (RailBreak("K5+000", "K4+500"),)
    (line,), issues = lines_of(project(given, breaks=chain, start="K4+800", stop="K9+000"))
    assert line.coords[0, 0] == pytest.approx(5_300)
    (twice,) = issues
    assert twice.message.startswith("[rail] from K4+800 is read at two places of 青藏线")
    assert twice.values["other"] == "K3+1800"
    (line,), issues = lines_of(project(given, breaks=chain, start="K3+1800", stop="K9+000"))  # as it says
    assert (line.coords[0, 0], issues) == (pytest.approx(4_800), [])


def test_a_broken_chain_in_the_gap_of_another_is_told():
    given = posts((0, 0.0), (3_000, 3.0), (6_000, 6.1), (10_000, 10.1))
    _lines, issues = lines_of(project(given, breaks=(RailBreak("K4+000", "K4+100"), RailBreak("K4+050", "K4+060"))))
    assert "the broken chain K4+050 lies where K4+000 = K4+100 leaves the readings out" in issues[0].message
    _lines, issues = lines_of(project(given, breaks=(RailBreak("K4+000", "K4+100"), RailBreak("K4+100", "K4+100"))))
    assert issues == []


def test_posts_far_from_every_line_are_told_once():
    _lines, issues = lines_of(project(posts((0, 0.0), (10_000, 10.0), y=2400.0)))
    assert kinds(issues) == ["no_posts", "far_post"]
    assert "2 such places" in issues[1].message
    assert issues[1].level == "info"


def test_posts_that_are_all_off_alike_tell_of_another_datum():
    _lines, issues = lines_of(project(posts((0, 0.0), (5_000, 5.0), (10_000, 10.0), y=400.0)))
    (far,) = (issue for issue in issues if issue.kind == "far_post")
    assert far.level == "warning"
    assert "3 of 3 places of [sources.rail_posts], such as K0+000" in far.message
    assert "datum of that source to gcj02" in far.message


def test_ends_that_no_line_reads_are_told_with_what_is_taken():
    given = posts((0, 10.0), (4_000, 14.0), (7_000, 17.0), (10_000, 20.0))
    (line,), issues = lines_of(project(given, start="K2+000", stop="K15+000"))
    assert (line.mileage.text(0.0), line.mileage.text(5_000.0)) == ("K10+000", "K15+000")
    (beyond,) = issues
    assert beyond.message == "[rail] from K2+000 lies on no line; the nearest place, K10+000 of 青藏线, is taken"
    with pytest.raises(InputError, match=r"from and to are both K12, with nothing between"):
        lines_of(project(given, start="K12", stop="K12+000"))
    split = tracks([(0, 0), (4_000, 0)], [(7_000, 0), (10_000, 0)])
    two, issues = lines_of(project(given, railway=split, start="K12+000", stop="K18+000"))
    assert [line.mileage.text(0.0) for line in two] == ["K12+000", "K17+000"]
    (hole,) = issues
    assert "no track is drawn from K14+000 to K17+000" in hole.message
    (_line,), issues = lines_of(project(given, railway=split, start="K15+000", stop="K18+000"))  # from within what is not drawn
    assert "K15+000 lies on no line; the nearest place, K17+000 of" in issues[0].message


def test_a_line_that_begins_before_its_first_post_reads_no_less_than_nought_where_that_can_be():
    (line,), issues = lines_of(project(posts((1_000, 0.95), (10_000, 9.95))))
    assert (line.mileage.text(0.0), line.mileage.text(1_000.0), line.mileage.text(2_000.0)) == ("K0+000", "K0+950", "K1+950")
    assert issues == []
    assert_found_again(line, line.mileage, 37.0)
    (line,), issues = lines_of(project(posts((500, 0.0), (10_000, 9.5))))
    assert line.mileage.text(0.0) == "-K0+500"
    assert kinds(issues) == ["below_zero"]
    assert "begins 500 m before K0+000" in issues[0].message
    (line,), issues = lines_of(project(posts((500, 0.0), (10_000, 9.5)), start="K0+000"))  # the remedy
    assert (line.mileage.text(0.0), issues) == ("K0+000", [])


@pytest.mark.parametrize("turned", [False, True])
def test_a_closed_line_begins_where_its_posts_begin(turned):
    angle = np.linspace(0.0, 2 * np.pi, 361)
    ring = np.column_stack((3_000 * np.cos(angle), 3_000 * np.sin(angle)))[:: -1 if turned else 1]
    ring[-1] = ring[0]
    railway = tracks(ring.tolist())
    at = np.array([50, 100, 150, 200, 250, 300])  # degrees
    each = float(np.hypot(*np.diff(ring, axis=0).T)[0])
    names = texts([""] * 6)
    given = Stations(ring[at], names, 1000.0 + each * (at - 50), names, np.ones(6, bool), names, names, np.full(6, np.nan))
    (line,), issues = lines_of(project(given, railway=railway))
    assert issues == []
    assert line.coords[[0, -1]] == pytest.approx(ring[[50, 50]], abs=0.01)
    assert line.mileage.text(0.0) == "K1+000"
    assert float(line.mileage.along[-1]) == pytest.approx(360 * each, abs=0.1)
    assert line.mileage.at(200 * each) == pytest.approx(1000.0 + 200 * each, abs=0.1)
    assert_found_again(line, line.mileage, 91.0)


def test_a_railway_without_main_track_is_refused():
    sidings = dataclasses.replace(STRAIGHT, main=np.zeros(3, bool))
    with pytest.raises(InputError, match="no main railway line"):
        lines_of(project(railway=sidings))
    with pytest.raises(InputError, match="too short"):
        lines_of(project(railway=tracks([(0, 0), (200, 0)])))


def test_names_of_lines():
    assert same_line("青藏铁路西格段", "青藏线")
    assert not same_line("铁路", "")
    assert not same_line("兰青线", "青藏线")


@settings(max_examples=40, deadline=None)
@drawn(st.integers(0, 10**6))
def test_whatever_tracks_and_posts_there_are_lines_read_what_rises(seed):
    rng = np.random.default_rng(seed)
    pieces = [np.cumsum(rng.normal((rng.uniform(50, 2500), 0), 200, (rng.integers(2, 7), 2)), axis=0) for _ in range(rng.integers(1, 8))]
    for row in range(1, len(pieces)):
        if rng.random() < 0.6:
            pieces[row] += pieces[rng.integers(row)][-1] - pieces[row][0]
    railway = tracks(
        *[piece[:: rng.choice([1, -1])].tolist() for piece in pieces], names=rng.choice(["", "甲线", "乙铁路"], len(pieces)).tolist()
    )
    count = int(rng.integers(0, 25))
    at = railway.lines.coords[rng.integers(0, len(railway.lines.coords), count)] + rng.normal(0, 40, (count, 2))
    read = np.where(rng.random(count) < 0.7, 100_000 + at[:, 0], rng.uniform(0, 2e5, count))
    letters, sides = (texts(rng.choice(words, count).tolist()) for words in (["", "", "DK"], ["", "", "", "up", "down"]))
    given = Stations(at, texts([""] * count), read, texts([""] * count), rng.random(count) < 0.7, letters, sides, np.full(count, np.nan))
    jumps = [RailBreak(chainage_text(low), chainage_text(low + by)) for low, by in rng.uniform([95e3, -2e3], [125e3, 2e3], (3, 2))]
    wanted = project(given, railway=railway, breaks=tuple(jumps[: rng.integers(0, 4)]))
    if max(shapely.length(shapely.linestrings(piece)) for piece in pieces) < 300:  # too short for a line
        return
    lines, issues = lines_of(wanted)
    assert all(issue.message for issue in issues)
    for line in lines:
        for mileage in line.mileages:
            assert (mileage.along[0], mileage.along[-1]) == (0.0, pytest.approx(np.hypot(*np.diff(line.coords, axis=0).T).sum()))
            slope = (mileage.behind[1:] - mileage.ahead[:-1]) / np.diff(mileage.along)
            assert np.all(slope > 0)
            for place in rng.uniform(0, mileage.along[-1], 4).tolist():
                if mileage.at(place) > 5_000:
                    assert mileage.find(mileage.text(place)) == (pytest.approx(place, abs=0.51 / slope.min()),)


# ---- real railways
