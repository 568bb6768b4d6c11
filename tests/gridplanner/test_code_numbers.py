"""Numbers of grids: kept through edits, never given twice, taken along into merged communities; faults of codes from elsewhere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridplanner.code_profiles import profile_of
from gridplanner.errors import InputError
from gridplanner.model.code_faults import duplicate_codes, verify_code, verify_codes
from gridplanner.model.codes import merged_community_codes, moved_codes, next_codes
from gridplanner.model.places import texts

DB11, CJ = profile_of("DB11/T 2157"), profile_of("CJ/T 349")
A, B, C = "620802001001", "620802001002", "620802001003"
AREAS, NAMES = texts([A, B, C]), texts(["甲", "乙", "丙"])


def numbered(kept, community=None, profile=DB11, **more):
    """Codes of grids in one row from west to east."""
    xy = np.column_stack([100.0 * np.arange(len(kept)), np.zeros(len(kept))])
    community = np.zeros(len(kept), np.int32) if community is None else np.array(community, np.int32)
    return next_codes(profile, xy, np.full(len(kept), 1e4), community, AREAS, NAMES, texts(kept), **more)


def moved(kept, community, profile=DB11, **more):
    return moved_codes(profile, np.array(community, np.int32), AREAS, NAMES, texts(kept), **more)


# new grids beside kept ones


def test_new_grids_are_numbered_after_all_that_were_there():
    found = numbered(["", A + "004", "", A + "001"])
    assert found.code.tolist() == [A + "005", A + "004", A + "006", A + "001"]
    assert found.number.tolist() == [5, 4, 6, 1]
    assert found.previous.tolist() == ["", "", "", ""]


def test_a_retired_code_is_not_given_again():
    assert numbered(["", A + "001"], retired={A + "002", B + "009"}).code.tolist() == [A + "003", A + "001"]


def test_gaps_are_filled_from_below_when_the_numbers_above_run_out():
    found = numbered([A + "998", "", "", ""], retired={A + "001"})
    assert found.code.tolist() == [A + "998", A + "999", A + "002", A + "003"]


def test_a_code_kept_from_another_community_is_not_given_there_again():
    assert numbered([B + "001", "", ""], [0, 0, 1]).code.tolist() == [B + "001", A + "001", B + "002"]


def test_a_code_of_another_layout_stays_as_it_is():
    found = numbered(["东一格", ""])
    assert found.code.tolist() == ["东一格", A + "001"]
    assert found.number.tolist() == [-1, 1]


def test_two_kept_codes_alike_are_refused():
    with pytest.raises(InputError, match=f"{A}001 is used by 2 grids"):
        numbered([A + "001", A + "001"])


def test_a_thousandth_grid_is_refused_with_its_community_the_limit_and_the_remedy():
    with pytest.raises(InputError, match=r"乙 has 1000 grids; .* DB11/T 2157 has room for 999.* Divide the community, raise the target"):
        numbered([""] * 1000, [1] * 1000)
    assert numbered([""] * 999).code[-1] == A + "999"


def test_retired_codes_count_as_taken():
    retired = {f"{A}{n:03d}" for n in range(1, 999)}
    assert numbered([""], retired=retired).code.tolist() == [A + "999"]
    with pytest.raises(InputError, match="甲 has 2 grids and 998 retired codes"):
        numbered(["", ""], retired=retired)


def test_a_template_without_a_community_numbers_all_grids_together():
    found = numbered(["", "", ""], [0, 1, 2], profile_of("template:WG{seq:01}"))
    assert found.code.tolist() == ["WG1", "WG2", "WG3"]
    with pytest.raises(InputError, match="甲 … has 10 grids"):
        numbered([""] * 10, [0, 1] * 5, profile_of("template:WG{seq:01}"))


def test_exclusive_grids_are_numbered_apart_where_the_template_shows_the_kind():
    found = numbered(["", "", ""], profile=profile_of("template:{community}{kind:JZ}{seq:02}"), kind=np.array([0, 1, 0]))
    assert found.code.tolist() == [A + "J01", A + "Z01", A + "J02"]


# a community that is one grid (CJ/T 349-2010, 5.7)


def test_a_community_that_is_one_grid_has_the_number_zero():
    assert numbered(["", "", ""], [0, 0, 1], CJ).code.tolist() == [f"000000{A}01", f"000000{A}02", f"000000{B}00"]


def test_the_number_zero_is_given_up_when_the_community_is_divided():
    whole = f"000000{A}00"
    found = numbered([whole, ""], profile=CJ)
    assert found.code.tolist() == [f"000000{A}01", f"000000{A}02"]
    assert found.previous.tolist() == [whole, ""]
    assert numbered([whole], profile=CJ).code.tolist() == [whole]
    assert numbered([""], profile=CJ, retired={whole}).code.tolist() == [f"000000{A}01"]


# merged communities


def test_grids_of_a_merged_community_take_their_numbers_along_where_they_are_free():
    found = moved([A + "001", A + "002", B + "002", B + "003", B + "001", ""], [0] * 6)
    assert found.code.tolist() == [A + "001", A + "002", A + "005", A + "003", A + "004", A + "006"]
    assert found.previous.tolist() == ["", "", B + "002", B + "003", B + "001", ""]


def test_two_communities_in_a_third_keep_numbers_by_their_old_codes():
    found = moved([B + "001", A + "001", A + "002", B + "007"], [2, 2, 2, 2])
    assert found.code.tolist() == [C + "008", C + "001", C + "002", C + "007"]
    assert found.previous.tolist() == [B + "001", A + "001", A + "002", B + "007"]


def test_no_grid_takes_a_code_that_another_has_just_given_up():
    found = moved([A + "001", B + "001"], [1, 0])
    assert found.code.tolist() == [B + "002", A + "002"]


def test_a_retired_number_is_not_taken_along():
    assert moved([B + "001", B + "002"], [0, 0], retired={A + "001"}).code.tolist() == [A + "003", A + "002"]


def test_a_code_that_the_planner_wrote_himself_stays_in_a_merged_community():
    assert moved(["东一格", B + "001"], [0, 0]).code.tolist() == ["东一格", A + "001"]


def test_the_number_zero_of_a_faulty_code_is_not_taken_along():
    assert moved([B + "000"], [0]).code.tolist() == [A + "001"]


def test_codes_go_over_to_another_profile_with_their_numbers():
    found = moved([A + "002", A + "123", B + "001"], [0, 0, 1], CJ, before=DB11)
    assert found.code.tolist() == [f"000000{A}02", f"000000{A}03", f"000000{B}01"]
    assert found.previous.tolist() == [A + "002", A + "123", B + "001"]


def test_undivided_communities_that_merge_are_numbered_anew():
    found = moved([f"000000{A}00", f"000000{B}00"], [2, 2], CJ)
    assert found.code.tolist() == [f"000000{C}01", f"000000{C}02"]


def test_no_grids_have_no_codes():
    assert len(moved([], []).code) == len(numbered([]).code) == 0


def test_merged_communities_are_numbered_from_601_in_reading_order():
    members, xy = [[C, B], [A, "620802001009"]], np.array([[500.0, 0.0], [0.0, 0.0]])
    assert merged_community_codes(CJ, members, xy, np.ones(2), set()) == ["620802001602", "620802001601"]
    assert merged_community_codes(CJ, members, xy, np.ones(2), {"620802001601"}) == ["620802001603", "620802001602"]
    assert merged_community_codes(DB11, members, xy, np.ones(2), set()) == [B, A]


def test_communities_of_two_street_offices_do_not_merge():
    with pytest.raises(InputError, match="620802001, 620802002"):
        merged_community_codes(CJ, [[A, "620802002001"]], np.zeros((1, 2)), np.ones(1), set())


def test_merged_communities_are_refused_when_their_numbers_run_out():
    taken = {f"620802001{n}" for n in range(601, 1000)}
    with pytest.raises(InputError, match="620802001 has no free number from 601 to 999"):
        merged_community_codes(CJ, [[A, B]], np.zeros((1, 2)), np.ones(1), taken)


# any history of edits

PROFILES = st.sampled_from([DB11, CJ, profile_of("template:{street}{seq:02}{kind:AB}"), profile_of("template:G{seq:03}")])
STEPS = st.lists(st.tuples(st.sampled_from(["new", "drop", "move"]), st.integers(0, 2), st.integers(0, 99)), max_size=12)


@given(PROFILES, st.lists(st.integers(0, 2), max_size=8), STEPS)
def test_codes_are_distinct_never_reused_and_stay_with_their_grids(profile, start, steps):
    community, codes, retired = list(start), [""] * len(start), set()
    for what, area, row in [("new", 0, 0), *steps]:
        before = list(codes)
        if what == "new":
            community, before = [*community, area], [*before, ""]
            found = numbered(before, community, profile, retired=retired)
        elif what == "drop" and community:
            row %= len(community)
            retired.add(before.pop(row))
            community.pop(row)
            found = numbered(before, community, profile, retired=retired)
        else:
            community = [area if mine == row % 3 else mine for mine in community]
            found = moved(before, community, profile, retired=retired)
        codes = found.code.tolist()
        assert len(set(codes)) == len(codes)
        assert not set(codes) & retired
        for old, new, previous in zip(before, codes, found.previous.tolist(), strict=True):
            assert previous == (old if old != new else "")
            if what != "move" and old:
                assert new == old or (profile is CJ and old.endswith("00"))
        retired |= {code for code in found.previous.tolist() if code}
        areas = [profile.frame(AREAS[mine]) for mine in community]
        if what == "move":
            assert [profile.read(code)[0] for code in codes] == areas
        assert verify_codes(profile, codes, AREAS.tolist()) == [[]] * len(codes)


# codes from elsewhere


def test_a_right_code_has_no_problems():
    assert verify_code(DB11, A + "001", {A}) == verify_code(CJ, f"000000{A}00", {A}) == []


@pytest.mark.parametrize(
    ("profile", "code", "problems"),
    [
        (DB11, "", ["the code is empty"]),
        (DB11, f" {A}001", ["there are spaces before or behind it"]),
        (DB11, A + "1", ["it has 13 characters; a code of DB11/T 2157 has 15"]),
        (DB11, A + "000", ["its number is 000; numbers start at 001"]),
        (DB11, "620802001009001", ["there is no community 620802001009 in the plan"]),
        (DB11, "62O802001001O01", ["character 3 is O; it must be a digit", "character 13 is O; it must be a digit"]),
        (CJ, f"010100{A}01", ["it has 010100 from character 1; it must be 000000"]),
        (CJ, f"{A}01", ["it has 14 characters; a code of CJ/T 349 has 20",
                        f"zeros were lost in front, as spreadsheets do; it should be 000000{A}01"]),
        (profile_of("template:{community}{kind:JZ}{seq:02}"), A + "X01", ["character 13 is X; it must be J or Z"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_code_is_said_in_words(profile, code, problems):
    assert verify_code(profile, code, {A, B}) == problems


def test_duplicates_are_found_and_named():
    assert duplicate_codes(["x", "y", "x", "", ""]) == {"x": [0, 2]}
    assert verify_codes(DB11, [A + "001", A + "002", A + "001"]) == [["it is used by 2 grids"], [], ["it is used by 2 grids"]]
