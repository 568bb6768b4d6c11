"""Layouts of codes: what the standards say, what a planner writes himself, and what is refused with a reason."""

import re
import tomllib
from pathlib import Path

import pytest

import gridplanner.code_profiles
from gridplanner.code_profiles import Frame, profile_names, profile_of
from gridplanner.errors import InputError
from gridplanner.plan_file import settings_from_table
from gridplanner.settings import GridSettings

COMMUNITY = "620802001003"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DB11/T 2157", "620802001003017"),
        ("db11/t2157-2023", "620802001003017"),
        ("CJ/T 349", "00000062080200100317"),
        ("CJ/T 349-2010", "00000062080200100317"),
        ("CJ/T 349:020100", "02010062080200100317"),
        ("template:{community:12}{seq:03}", "620802001003017"),
        ("template: WG{street}{community_no}-{seq:2}", "WG001003-17"),
        ("template:{seq:04}/{county}", "0017/620802"),
        ("template:{community}{kind:JZ}{seq:03}", "620802001003J017"),
    ],
)
def test_a_profile_writes_codes_and_reads_them_again(text, code):
    profile = profile_of(text)
    frame = profile.frame(COMMUNITY)
    assert profile.code(frame, 17) == code
    assert profile.read(code) == (frame, 17)
    assert profile.length == len(code)


def test_exclusive_grids_have_a_character_of_their_own():
    profile = profile_of("template:{community}{kind:JZ}{seq:03}")
    assert profile.code(profile.frame(COMMUNITY, 1), 2) == "620802001003Z002"
    assert profile_of("template:{community}{kind}{seq:03}").frame(COMMUNITY, 1) == Frame("6208020010031", "")


@pytest.mark.parametrize(
    "code", ["", "62080200100301", "6208020010030170", "62080200100301x", "６20802001003017", " 20802001003017", "62080200100301\n"]
)
def test_what_has_another_layout_is_not_read(code):
    assert profile_of("DB11/T 2157").read(code) is None


def test_the_standards_profiles_have_the_lengths_of_their_standards():
    assert {name: (profile_of(name).length, profile_of(name).last) for name in profile_names()} == {
        "DB11/T 2157": (15, 999),
        "CJ/T 349": (20, 99),
    }


def test_every_standard_in_the_file_names_its_source():
    rows = tomllib.loads(Path(gridplanner.code_profiles.__file__).with_suffix(".toml").read_text(encoding="utf-8"))["profile"]
    assert [row["name"] for row in rows] == list(profile_names())
    assert all(profile_of(row["name"]).source.startswith(row["name"]) for row in rows)


@pytest.mark.parametrize(
    ("template", "character", "why"),
    [
        ("{comunity:12}{seq:03}", 1, "no field comunity"),
        ("WG-{community:9}{seq:03}", 4, "has 12 digits, not 9"),
        ("{community}{seq}", 12, "needs its digits"),
        ("{community}{seq:07}", 12, "needs its digits"),
        ("{community}{seq:00}", 12, "needs its digits"),
        ("{community}", 12, "number is missing"),
        ("", 1, "number is missing"),
        ("{community}{seq:03", 12, "never closed"),
        ("{community}}{seq:03}", 12, "letters, digits"),
        ("{community} {seq:03}", 12, "letters, digits"),
        ("网{community}{seq:03}", 1, "letters, digits"),
        ("{seq:02}{community}{seq:03}", 20, "second time"),
        ("{kind:A}{community}{seq:03}", 1, "two different characters"),
        ("{kind:AA}{community}{seq:03}", 1, "two different characters"),
        ("{}{seq:03}", 1, "no field"),
        ("{object}{seq:03}", 1, "no field object"),
        ("ABCDEFGHIJ{community}{seq:03}", 30, "25 characters; layers have room for 24"),
    ],
)
def test_a_wrong_template_is_refused_by_its_character_with_the_known_fields(template, character, why):
    with pytest.raises(ValueError, match=rf"at character {character}: .*{re.escape(why)}.*Known fields are {{community:12}} .*{{seq:03}}"):
        profile_of("template:" + template)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("DB11", "known are DB11/T 2157, CJ/T 349, or a template of your own such as template:{community:12}{seq:03}"),
        ("", "known are"),
        ("CJ/T 349:12", "six digits, such as CJ/T 349:010000"),
        ("CJ/T 349:", "six digits"),
        ("DB11/T 2157:010000", "no part for what grids are for"),
    ],
)
def test_an_unknown_profile_is_refused_with_what_is_known(text, why):
    with pytest.raises(ValueError, match=re.escape(why)):
        profile_of(text)


def test_settings_refuse_codes_that_nobody_can_make():
    assert GridSettings(codes="CJ/T 349").codes == "CJ/T 349"
    with pytest.raises(InputError, match=r"plan.toml: \[grids\] codes: .* at character 12"):
        settings_from_table({"grids": {"codes": "template:{community}{seq}"}}, "plan.toml")
