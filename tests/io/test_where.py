"""The filter of a source: what it lets through, and that it can do nothing but filter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridplanner.errors import InputError
from gridplanner.io.where import parse_where

NOTHING = None
ROWS = {
    "name": np.array(["城东社区", "Ruggell", NOTHING, "O'Hara", ""], object),
    "level": np.array([4, 8, 8, 10, 2]),
    "share": np.array([0.5, np.nan, 1.0, 2.5, 0.0]),
    "admin_level": np.array(["8", "8", "10", NOTHING, "x"], object),
}


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("level = 8", [1, 2]),
        ("level <> 8", [0, 3, 4]),
        ("level != 8 and level < 10", [0, 4]),
        ("level > 3 AND level < 10", [0, 1, 2]),
        ("name = 'Ruggell'", [1]),
        ("name = 'O''Hara'", [3]),
        ("name IS NULL", [2]),
        ("name is not null", [0, 1, 3, 4]),
        ("name LIKE '%社区'", [0]),
        ("name LIKE 'rugg_ll'", [1]),
        ("name NOT LIKE '%a%'", [0, 1, 4]),
        ("name <> 'Ruggell'", [0, 3, 4]),
        ("NOT name = 'Ruggell'", [0, 3, 4]),
        ("level IN (4, 10)", [0, 3]),
        ("level NOT IN (4, 10)", [1, 2, 4]),
        ("share = 1 OR share IS NULL", [1, 2]),
        ("share > 0", [0, 2, 3]),
        ("admin_level = 8", [0, 1]),
        ("admin_level = '8'", [0, 1]),
        ("level = '8'", [1, 2]),
        ("admin_level IN ('8', '10')", [0, 1, 2]),
        ("(level = 4 OR level = 2) AND NOT (share = 0)", [0]),
        ("level = 4 OR level = 8 AND share = 1", [0, 2]),
        ('"level" = 4', [0]),
        ("level = share", []),
    ],
)
def test_rows_pass_as_in_sql(text, rows):
    assert np.flatnonzero(parse_where(text).mask(ROWS, 5)).tolist() == rows


@pytest.mark.parametrize(
    "text",
    ["level =", "= 4", "level = 4; DROP TABLE x", "level = 4 level", "(level = 4", "level IN ()", "level LIKE 4", "level = (SELECT 1)",
     "name = 'open", "level BETWEEN 1 AND 2", "1 = 1", "level", "f(level) = 1", "level = 4 --", "AND", "level IS 4",
     "(" * 60 + "level = 4" + ")" * 60],
)  # fmt: skip
def test_what_is_not_in_the_subset_is_refused_with_the_place(text):
    with pytest.raises(InputError, match="where"):
        parse_where(text)


def test_an_empty_filter_is_none():
    assert parse_where("  ") is None


def test_numbers_are_not_compared_with_words():
    with pytest.raises(InputError, match="level"):
        parse_where("level = 'x'").mask(ROWS, 5)


@given(st.text(max_size=40))
def test_any_text_is_parsed_or_refused(text):
    try:
        where = parse_where(text)
    except InputError:
        return
    assert (where is None) == (not text.strip())


NUMBERS = st.one_of(st.none(), st.integers(-3, 3).map(float))
SIGNS = st.sampled_from(["=", "<>", "<", ">", "<=", ">="])
FIELDS = st.sampled_from("ab")
TREES = st.recursive(
    st.tuples(SIGNS, FIELDS, st.integers(-3, 3)) | st.tuples(st.just("null"), FIELDS, st.booleans()),
    lambda inner: st.tuples(st.just("not"), inner) | st.tuples(st.sampled_from(["and", "or"]), inner, inner),
    max_leaves=8,
)


@given(TREES, st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=6))
def test_three_valued_logic_agrees_with_sqlite(tree, rows):
    import sqlite3
    from contextlib import closing

    text = words(tree)
    columns = {name: np.array([np.nan if row[i] is None else row[i] for row in rows], float) for i, name in enumerate("ab")}
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE t (row INTEGER, a REAL, b REAL)")
        database.executemany("INSERT INTO t VALUES (?, ?, ?)", [(i, *row) for i, row in enumerate(rows)])
        expected = [row for (row,) in database.execute(f"SELECT row FROM t WHERE {text} ORDER BY row")]
    assert np.flatnonzero(parse_where(text).mask(columns, len(rows))).tolist() == expected


def words(tree):
    if tree[0] == "not":
        return f"NOT ({words(tree[1])})"
    if tree[0] in ("and", "or"):
        return f"({words(tree[1])}) {tree[0].upper()} ({words(tree[2])})"
    if tree[0] == "null":
        return f"{tree[1]} IS {'NOT ' if tree[2] else ''}NULL"
    return f"{tree[1]} {tree[0]} {tree[2]}"
