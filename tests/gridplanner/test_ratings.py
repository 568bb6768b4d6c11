"""The rating map: scores against a slow oracle, colours and arrows, what small counts give away, and what is told of odd figures."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
import shapely

from gridplanner.model.beats import Beat, BeatPlan
from gridplanner.model.check import check
from gridplanner.model.duty_data import NO_INCIDENTS, NO_INDICATORS, Incidents, Indicators, StationAreas
from gridplanner.model.outlines import grid_ids
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.model.rated_areas import RatedAreas, rated_areas
from gridplanner.model.ratings import NOT_RATED, Ratings, rated, rating_issues, ratings_of
from gridplanner.settings import RatingSettings, Settings
from tests.ui.builders import planned, town

MONTHS = ("2025-11", "2025-12", "2026-01")
KINDS = ("cases", "quarrels")
FOUR = ("theft", "fraud", "traffic", "quarrels")
Row = tuple[str, str, list[float], float]


def squares(*names: str) -> RatedAreas:
    """Areas of a kilometre side by side, from west to east; their codes are 01, 02 …"""
    shapes = texts([shapely.box(1000.0 * i, 0, 1000.0 * (i + 1), 1000) for i in range(len(names))])
    codes = texts([f"{i + 1:02}" for i in range(len(names))])
    return RatedAreas("stations", shapes, codes, texts(list(names)), np.zeros(len(names)), np.zeros(len(names)))


def figures(rows: list[Row], names: tuple[str, ...] = KINDS) -> Indicators:
    area, month, counts, satisfaction = zip(*rows, strict=True)
    return Indicators(texts(list(area)), texts(list(month)), texts(list(names)), np.array(counts, float), np.array(satisfaction, float))


def rate(rows: list[Row], settings: RatingSettings | None = None, *areas: str, names: tuple[str, ...] = KINDS) -> Ratings:
    return rated(squares(*(areas or ("A", "B", "C"))), figures(rows, names), NO_INCIDENTS, settings or RatingSettings())


def said(ratings: Ratings) -> str:
    return "\n".join(issue.message for issue in ratings.issues)


def ranks(values: list[float]) -> list[float]:
    """The share of the others that each value is above, ties counted as half; None of NaN."""
    known = [value for value in values if not np.isnan(value)]
    if len(known) < 2:
        return [np.nan] * len(values)
    over = [sum((value > other) + 0.5 * (value == other) for other in known) - 0.5 for value in values]
    return [np.nan if np.isnan(value) else up / (len(known) - 1) for value, up in zip(values, over, strict=True)]


def random_rows(seed: int, areas: str = "ABCDEFG", most: int = 9) -> list[Row]:
    dice = np.random.default_rng(seed)

    def counts() -> list[float]:
        return [np.nan if dice.random() < 0.1 else float(dice.integers(0, most)) for _kind in FOUR]

    places = itertools.product(areas, MONTHS)
    return [(area, month, counts(), round(float(dice.uniform(60, 99)), 1) if dice.random() < 0.9 else np.nan) for area, month in places]


@pytest.mark.parametrize("seed", range(6))
def test_a_score_is_the_weighted_mean_of_the_ranks_that_are_known(seed: int) -> None:
    rows = random_rows(seed)
    weights = {"theft": 3.0, "traffic": 0.0, "satisfaction": 2.0}
    ratings = rate(rows, RatingSettings(weights=weights), *"ABCDEFG", names=FOUR)
    heavy = np.array([3.0, 1.0, 0.0, 1.0, 2.0])
    for number, month in enumerate(MONTHS):
        now = [row for row in rows if row[1] == month]
        columns = [ranks([row[2][k] for row in now]) for k in range(4)] + [ranks([100 - row[3] for row in now])]
        for area, badness in enumerate(np.array(columns).T):
            known = ~np.isnan(badness)
            assert ratings.score[area, number] == pytest.approx((badness * heavy)[known].sum() / heavy[known].sum())


def test_limits_make_a_score_that_says_how_much_of_them_is_used_up() -> None:
    settings = RatingSettings(method="absolute", limits={"cases": 10, "quarrels": 20, "satisfaction": 80}, weights={"cases": 2})
    ratings = rate([("A", "2026-01", [5, 30], 90), ("B", "2026-01", [0, 0], 100), ("C", "2026-01", [30, 60], 40)], settings)
    assert ratings.score[:, 0].tolist() == [(2 * 0.5 + 1.5 + 0.5) / 4, 0.0, 3.0]
    assert ratings.level[:, 0].tolist() == [3, 0, 4]


def test_the_next_colour_begins_at_its_threshold() -> None:
    settings = RatingSettings(method="absolute", limits={"cases": 10, "quarrels": 1}, weights={"quarrels": 0})
    levels: list[int] = []
    for cases in (0, 1.9, 2, 3.9, 4, 6, 7.9, 8, 100):
        rows: list[Row] = [("A", "2026-01", [cases, 0], np.nan)]
        levels += rate(rows, settings, "A").level[:, 0].tolist()
    assert levels == [0, 0, 1, 1, 2, 3, 3, 4, 4]


@pytest.mark.parametrize("thresholds", [(0.2, 0.4, 0.6), (0.2, 0.6, 0.4, 0.8), (np.nan,) * 4, (0.1, 0.2, 0.3, np.inf)], ids=str)
def test_thresholds_are_four_rising_numbers(thresholds: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="four rising numbers"):
        RatingSettings(thresholds=thresholds)


def test_an_arrow_compares_colours_with_the_calendar_month_before() -> None:
    settings = RatingSettings(method="absolute", limits={"cases": 10, "quarrels": 1}, weights={"quarrels": 0})
    cases = {"2025-10": 1, "2025-12": 1, "2026-01": 9, "2026-02": 9.5, "2026-03": 3}  # 2025-11 is missing
    ratings = rate([("A", month, [count, 0], np.nan) for month, count in cases.items()], settings, "A")
    assert ratings.months == tuple(cases)
    assert ratings.change[0].tolist() == ["new", "new", "up", "same", "down"]
    assert ratings.month == "2026-03"


def test_areas_without_a_colour_have_no_arrow() -> None:
    ratings = rate([("A", "2026-01", [1, 2], 90), ("B", "2026-01", [3, 4], 80), ("A", "2025-12", [1, 2], 90)])
    assert ratings.level[:, 0].tolist() == [NOT_RATED] * 3  # one area alone cannot be ranked
    assert ratings.level[2].tolist() == [NOT_RATED] * 2
    assert ratings.change[:, 1].tolist() == ["new", "new", ""]
    assert "The police station area C has no monthly figures" in said(ratings)


@pytest.mark.parametrize("method", ["percentile", "absolute"])
@pytest.mark.parametrize("seed", range(4))
def test_nothing_shown_depends_on_which_small_number_a_hidden_count_is(seed: int, method: str) -> None:
    limits = {**dict.fromkeys(FOUR, 6.0), "satisfaction": 80.0}
    settings = RatingSettings(method=method, limits=limits, suppress_below=4)
    dice = np.random.default_rng(seed)
    rows = random_rows(seed)
    others: list[Row] = [(area, month, [float(dice.integers(0, 4)) if n < 4 else n for n in counts], s) for area, month, counts, s in rows]
    assert others != rows
    one, other = (rate(given, settings, *"ABCDEFG", names=FOUR) for given in (rows, others))
    assert np.array_equal(one.score, other.score, equal_nan=True)
    assert np.array_equal(one.level, other.level)
    assert (one.change == other.change).all()
    assert np.array_equal(one.figures.counts, other.figures.counts, equal_nan=True)
    assert said(one) == said(other)
    assert not (one.figures.counts < 4).any()
    assert one.figures.hidden.sum() > 20


def test_a_colour_stays_unless_every_count_is_hidden() -> None:
    rows: list[Row] = [("A", "2026-01", [1, 2], 60), ("B", "2026-01", [2, 9], 70), ("C", "2026-01", [8, 9], 90)]
    ratings = rate(rows, RatingSettings(suppress_below=3))
    assert ratings.figures.hidden[:, 0].tolist() == [[True, True], [True, False], [False, False]]
    assert ratings.level[0, 0] == NOT_RATED
    assert (ratings.level[1:, 0] != NOT_RATED).all()
    assert "Every count of A in 2026-01 is below 3" in said(ratings)
    assert "lacks" not in said(ratings)


def test_missing_figures_are_told_with_their_place() -> None:
    ratings = rate([("A", "2026-01", [1, np.nan], 90), ("B", "2026-01", [3, 4], np.nan), ("C", "2026-01", [3, 4], 70)])
    assert "A lacks 1 of its figures, such as quarrels of 2026-01" in said(ratings)
    assert "B lacks 1 of its figures, such as satisfaction of 2026-01" in said(ratings)
    issue = next(issue for issue in ratings.issues if issue.ref == "B")
    assert 1000 < (issue.x or 0) < 2000


def test_satisfaction_that_nobody_asked_for_is_not_missing() -> None:
    ratings = rate([(area, "2026-01", [i, 5 - i], np.nan) for i, area in enumerate("ABC")], RatingSettings(weights={"cases": 3.0}))
    assert ratings.issues == ()
    assert ratings.score[:, 0].tolist() == [0.25, 0.5, 0.75]


def test_a_month_in_which_all_areas_are_alike_is_told() -> None:
    rows: list[Row] = [(area, month, [0, 0], 90) for area in "ABC" for month in MONTHS[:2]]
    ratings = rate([*rows, *((area, MONTHS[2], [i, i], 90.0) for i, area in enumerate("ABC"))])
    assert ratings.score[:, :2].tolist() == [[0.5, 0.5]] * 3
    assert "In 2025-12 all areas rank alike" in said(ratings)
    assert "(such months: 2)" in said(ratings)


@pytest.mark.parametrize(
    ("count", "weights"), [(np.nan, {}), (3.0, {"cases": 0.0, "quarrels": 0.0, "satisfaction": 0.0})], ids=["no figures", "no weights"]
)
def test_a_rating_by_nothing_is_told(count: float, weights: dict[str, float]) -> None:
    ratings = rate([(area, "2026-01", [count, count], np.nan) for area in "ABC"], RatingSettings(weights=weights))
    assert (ratings.level == NOT_RATED).all()
    assert "nothing to rate by" in said(ratings)


def test_an_indicator_that_gives_hidden_counts_away_is_told() -> None:
    rows: list[Row] = [("A", "2026-01", [3, 10, 13], 90), ("B", "2026-01", [9, 1, 10], 80), ("C", "2026-01", [9, 5, 14], 80)]
    names = ("cases", "quarrels", "all")
    assert "“all” is the sum of the other counts" in said(rate(rows, RatingSettings(suppress_below=5), names=names))
    assert said(rate(rows, names=names)) == ""
    other: list[Row] = [*rows[:2], ("C", "2026-01", [9, 5, 15], 80)]
    assert said(rate(other, RatingSettings(suppress_below=5), names=names)) == ""


def test_what_is_told_of_incidents_gives_no_small_count_and_no_place_away() -> None:
    xy = np.array([(500.0, 500.0), (1500.0, 500.0), (9000.0, 500.0), (500.0, 600.0)])
    incidents = Incidents(xy, np.array([8.0, 9.0, 3.0, 2.0]), texts(["2026-01"] * 3 + [""]), texts(["theft"] * 4))
    open_words = rated(squares("A", "B"), NO_INDICATORS, incidents, RatingSettings()).issues
    assert [(issue.values["n"], issue.x) for issue in open_words] == [("2", None), ("3", 9000.0)]
    hidden = rated(squares("A", "B"), NO_INDICATORS, incidents, RatingSettings(suppress_below=5)).issues
    assert [(issue.values["n"], issue.x) for issue in hidden] == [("<5", None), ("<5", None)]


def test_areas_are_found_by_code_before_name_and_by_no_name_that_two_have() -> None:
    areas = squares("02", "North", "North", "East")  # the first one's name is the second one's code
    rows: list[Row] = [
        ("02", "2026-01", [1, 1], 90),
        ("North", "2026-01", [2, 2], 90),
        ("03", "2026-01", [3, 3], 90),
        ("East", "2026-01", [4, 4], 9),
    ]
    ratings = rated(areas, figures(rows), NO_INCIDENTS, RatingSettings())
    assert np.isnan(ratings.figures.counts[0]).all()
    assert ratings.figures.counts[1:, 0, 0].tolist() == [1, 3, 4]
    assert ratings.figures.unknown == ("North",)


def test_of_two_rows_for_the_same_the_first_counts_and_it_is_told() -> None:
    rows: list[Row] = [("A", "2026-01", [1, 1], 90), ("01", "2026-01", [9, 9], 10), ("B", "2026-01", [2, 2], 80), ("B", "", [5, 5], 80)]
    ratings = rate(rows)
    assert ratings.figures.counts[0, 0].tolist() == [1, 1]
    assert "given more than once" in said(ratings)
    assert "without a month are left out (rows: 1)" in said(ratings)


def test_many_unknown_areas_are_not_as_many_findings() -> None:
    rows: list[Row] = [(f"X{i}", "2026-01", [1, 1], 90) for i in range(300)]
    project = dataclasses.replace(planned(town()), indicators=figures([*rows, ("W", "2026-01", [1, 1], 90)]))
    project = dataclasses.replace(project, station_areas=stations(project))
    unknown = [issue for issue in rating_issues(project) if issue.layer == "indicators"]
    assert len(unknown) == 21
    assert unknown[-1].message.endswith(": 280")


def test_many_areas_without_figures_are_not_as_many_findings() -> None:
    ratings = rate([("a1", "2026-01", [1, 1], 90), ("a2", "2026-01", [2, 1], 90)], None, *(f"a{i}" for i in range(100)))
    assert len(ratings.issues) == 21
    assert "missing for further areas (police station area: 78)" in said(ratings)


def test_what_settings_ask_for_and_data_lack_is_told() -> None:
    settings = RatingSettings(month="2024-01", method="absolute", weights={"thefts": 2.0}, limits={"cases": 5})
    ratings = rate([("A", "2026-01", [1, 2], 90)], settings, "A")
    assert "There are no figures for 2024-01" in said(ratings)
    assert "[rating] weights has “thefts”, which is no indicator; those are cases, quarrels, satisfaction" in said(ratings)
    assert said(ratings).count("so it is left out of the rating") == 2
    assert ratings.score[0, 0] == 0.2
    alone = rate([("A", "2026-01", [1, 2], 90)], None, "A")
    assert "A single area cannot be ranked" in said(alone)


def test_incidents_are_counted_by_area_month_and_kind() -> None:
    dice = np.random.default_rng(3)
    count = 400
    xy = np.column_stack((dice.uniform(0, 3200, count).round(), dice.uniform(0, 1000, count)))  # the last 200 m are in no area
    xy[0] = 1000.0, 500.0  # on the bound of two
    weight = dice.integers(1, 4, count).astype(float)
    months = [MONTHS[i] if i < 3 else "" for i in dice.integers(0, 4, count)]
    kinds = [("a", "b", "c", "d", "e", "")[i] for i in dice.integers(0, 6, count)]
    months[0], kinds[0] = MONTHS[0], "a"
    ratings = rated(squares("A", "B", "C"), NO_INDICATORS, Incidents(xy, weight, texts(months), texts(kinds)), RatingSettings())
    totals = {kind: sum(w for w, k in zip(weight, kinds, strict=True) if k == kind) for kind in "abcde"}
    assert list(ratings.figures.indicators) == sorted(totals, key=lambda kind: -totals[kind])[:4]
    assert ratings.months == MONTHS
    assert ratings.source == "incidents"
    for area, month, kind in itertools.product(range(3), range(3), range(4)):
        wanted = [
            w
            for (x, _y), w, m, k in zip(xy, weight, months, kinds, strict=True)
            if m == MONTHS[month] and k == ratings.figures.indicators[kind] and max(np.ceil(x / 1000) - 1, 0) == area
        ]
        assert ratings.figures.counts[area, month, kind] == sum(wanted)
    assert "Incidents without a month or a kind" in said(ratings)
    assert "lie in no police station area are left out" in said(ratings)


def stations(project: Project) -> StationAreas:
    return StationAreas(project.communities.polygons, texts(["1", "2"]), texts(["W", "E"]))


def test_figures_of_stations_and_beats_may_lie_in_one_table() -> None:
    rows: list[Row] = [(name, "2026-01", [1 + i, 2], 90) for i, name in enumerate(("W", "E", "001", "002", "Beat 3"))]
    project = with_beats(dataclasses.replace(planned(town()), indicators=figures(rows)))
    project = dataclasses.replace(project, station_areas=stations(project))
    for per, count in (("stations", 2), ("beats", 3)):
        asked = dataclasses.replace(project, settings=Settings(rating=RatingSettings(per=per)))
        assert rating_issues(asked) == ()
        assert (ratings_of(asked).level >= 0).sum() == count
    stranger = figures([*rows, ("Elsewhere", "2026-01", [1, 1], 90)])
    (told,) = rating_issues(dataclasses.replace(project, indicators=stranger))
    assert "“Elsewhere”" in told.message


def test_beats_are_rated_by_incidents_where_monthly_figures_are_of_stations_alone() -> None:
    project = with_beats(planned(town()))
    xy = project.households.xy[::7]
    incidents = Incidents(xy, np.ones(len(xy)), texts(["2026-01"] * len(xy)), texts(["a"] * len(xy)))
    project = dataclasses.replace(project, station_areas=stations(project), incidents=incidents)
    project = dataclasses.replace(project, indicators=figures([("W", "2026-01", [1, 1], 90), ("E", "2026-01", [1, 1], 90)]))
    asked = dataclasses.replace(project, settings=Settings(rating=RatingSettings(per="beats")))
    assert ratings_of(asked).source == "incidents"
    assert ratings_of(asked).figures.counts.sum() == len(xy)
    assert [issue.message for issue in rating_issues(asked)] == ["The monthly figures are of no beat, so incidents are counted instead"]
    assert ratings_of(project).source == "indicators"


def with_beats(project: Project, count: int = 3) -> Project:
    assert project.grids is not None
    ids = grid_ids(project.grids).tolist()
    members = {grid: i * count // len(ids) for i, grid in enumerate(ids)}
    return dataclasses.replace(project, beats=BeatPlan(members, {i: Beat(f"{i + 1:03}", f"Beat {i + 1}") for i in range(count)}))


def test_beats_tile_the_town_and_have_all_its_people() -> None:
    project = with_beats(planned(town()))
    areas = rated_areas(project, "beats")
    assert areas.codes.tolist() == ["001", "002", "003"]
    assert areas.households.sum() == project.households.households.sum()
    assert areas.persons.sum() == pytest.approx(project.households.persons.sum())
    assert shapely.coverage_is_valid(areas.polygons)
    assert shapely.area(areas.polygons).sum() == pytest.approx(shapely.area(project.communities.polygons).sum(), rel=1e-6)


def test_station_areas_count_the_addresses_in_them() -> None:
    project = planned(town())
    communities = project.communities
    areas = rated_areas(dataclasses.replace(project, station_areas=stations(project)), "stations")
    assert areas.households.sum() == project.households.households.sum()
    inside = shapely.contains_xy(communities.polygons[0], *project.households.xy.T)
    assert areas.households[0] == project.households.households[inside].sum()


def test_a_project_without_the_areas_is_told_what_to_do() -> None:
    project = dataclasses.replace(planned(town()), indicators=figures([("A", "2026-01", [1, 2], 90)]))
    for per, remedy in (("stations", "give [sources.station_areas]"), ("beats", "make them first"), ("zones", "make them first")):
        asked = dataclasses.replace(project, settings=Settings(rating=RatingSettings(per=per)))
        assert any(remedy in issue.message for issue in check(asked))


def test_a_project_that_asks_for_no_rating_hears_nothing_of_it() -> None:
    project = planned(town())
    assert [issue for issue in check(project) if issue.kind == "rating"] == []
    silent = dataclasses.replace(project, settings=Settings(rating=RatingSettings(per="beats")))
    assert any("no monthly figures and no incidents" in issue.message for issue in check(silent))


def test_the_same_rating_is_the_same_value_whatever_else_changes() -> None:
    indicators = figures([("001", "2026-01", [1, 2], 90), ("002", "2026-01", [2, 2], 90)])
    settings = Settings(rating=RatingSettings(per="beats"))
    project = dataclasses.replace(with_beats(planned(town())), indicators=indicators, settings=settings)
    ratings = ratings_of(project)
    assert ratings_of(dataclasses.replace(project, scenario="other")) is ratings
    later = dataclasses.replace(settings, rating=RatingSettings(per="beats", suppress_below=2))
    assert ratings_of(dataclasses.replace(project, settings=later)) is not ratings
