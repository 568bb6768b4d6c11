"""Plan files: what fits is read, what does not is refused with a hint."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridplanner.errors import InputError
from gridplanner.plan_file import read_plan, settings_from_table, settings_to_table
from gridplanner.settings import GridSettings, Settings, clock_minutes

FULL = """
[project]
name = "西郊"
seed = 7
[sources.roads]
path = "town.osm.pbf"
fields = { class = "highway" }
[grids]
target_households = 300
[patrol]
required_classes = ["primary"]
[rail]
from = "K814+000"
to = "K1044+000"
squads = 4
guards = 44
[[rail.breaks]]
at = "K900+000"
equals = "K900+020"
[roster]
for = "rail"
"""


def test_a_plan_file_is_read_with_paths_of_its_own_folder(tmp_path):
    plan = tmp_path / "规划.toml"
    plan.write_text(FULL, encoding="utf-8")
    settings = read_plan(plan)
    assert settings.project.name == "西郊"
    assert settings.sources["roads"].path == str((tmp_path / "town.osm.pbf").resolve())
    assert settings.rail is not None
    assert settings.rail.start == "K814+000"
    assert settings.rail.breaks[0].equals == "K900+020"
    assert settings.zones is None


def test_settings_survive_being_written_as_plain_values(tmp_path):
    plan = tmp_path / "plan.toml"
    plan.write_text(FULL, encoding="utf-8")
    settings = read_plan(plan)
    assert settings_from_table(settings_to_table(settings)) == settings


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"gridz": {}}, "did you mean grids"),
        ({"grids": {"tolerence": 0.1}}, "did you mean tolerance"),
        ({"grids": {"tolerance": "ten"}}, "grids.tolerance"),
        ({"grids": {"tolerance": 2}}, "between 0 and 1"),
        ({"grids": {"effort": "max"}}, "quick, standard or thorough"),
        ({"grids": {"min_households": 400, "max_households": 300}}, "min_households"),
        ({"sources": {"road": {"path": "x"}}}, "did you mean roads"),
        ({"sources": {"roads": {}}}, "path is missing"),
        ({"sources": {"roads": {"path": "x", "datum": "wgs"}}}, "datum"),
        ({"rail": {"start": "K1"}}, "no key start"),
        ({"rail": {"squads": 4, "guards": 2}}, "2 guards cannot fill 4 squads"),
        ({"rail": {"breaks": [{"at": "K1+000"}]}}, "needs equals"),
        ({"export": {"formats": ["shape"]}}, "did you mean shp"),
        ({"patrol": {"starts": ["8 o'clock"]}}, "08:00"),
        ({"grids": []}, "must be"),
        ({"grids": {"never_cross": "railway"}}, 'such as \\["railway"'),
        ({"grids": {"never_cross": 3}}, "must be a list in square brackets"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(table, words):
    with pytest.raises(InputError, match=words):
        settings_from_table(table, "plan.toml")


def test_a_missing_or_broken_plan_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"gone\.toml"):
        read_plan(tmp_path / "gone.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("[grids\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"broken\.toml"):
        read_plan(broken)


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
        lambda x: st.dictionaries(st.text(max_size=6), x, max_size=3),
        max_leaves=8,
    )
)
def test_no_table_whatever_escapes_as_another_error(table):
    try:
        made = settings_from_table(table if isinstance(table, dict) else {"grids": table})
    except InputError:
        return
    assert isinstance(made, Settings)


def test_clock_times():
    assert clock_minutes("08:30") == 510
    assert clock_minutes("24:00") == 1440
    for text in ("24:30", "²:00", "8", "08:60"):
        with pytest.raises(ValueError, match="clock"):
            clock_minutes(text)
    assert GridSettings().tolerance == 0.10


@pytest.mark.parametrize(
    ("section", "word"),
    [
        ({"grids": {"min_households": 500}}, "500 to 330"),
        ({"grids": {"target_households": 300, "max_households": 200}}, "270 to 200"),
        ({"grids": {"target_households": 300, "min_persons": 800}}, "target_persons"),
        ({"grids": {"target_households": float("nan")}}, "target_households"),
        ({"project": {"seed": -1}}, "seed"),
        ({"project": {"seed": 2**31}}, "seed"),
        ({"patrol": {"starts": []}}, "starts"),
        ({"patrol": {"crews_per_zone": 0}}, "crews_per_zone"),
        ({"patrol": {"max_overtime_min": -5}}, "max_overtime_min"),
        ({"staff": {"workers_per_grid": -1}}, "workers_per_grid"),
    ],
)
def test_wishes_that_no_plan_can_follow_are_refused(section, word):
    with pytest.raises(InputError, match=word):
        settings_from_table(section)


def test_a_minimum_alone_moves_the_lower_end_of_the_band():
    assert settings_from_table({"grids": {"min_households": 250}}).grids == GridSettings(min_households=250.0)
