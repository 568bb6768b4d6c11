"""Text that a spreadsheet would compute with stays text in whatever leaves the office, and reads back as it was."""

import csv
import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from algorithms.progress import SILENT
from gridplanner.io.export_places import places_of
from gridplanner.io.field_table import earlier_layers, write_field_table
from gridplanner.io.formats.wish import ExportWish
from gridplanner.io.formats.writers import WRITERS
from gridplanner.io.formula_text import is_risky, meant, neutral
from gridplanner.io.layer_columns import no_places, rows_of
from gridplanner.io.layer_schemas import SCHEMAS
from gridplanner.io.route_book import sheet_name

ATTACKS = ["=1+1", "+SUM(A1)", "-2+3", "@SUM(1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "  =1", "＝1+1", "'=1", "''@x", "\n=1"]
HARMLESS = ["", "甲", "a=b", "-12.5", "+86", "1-2", "'quoted'", "3e-5", "-1,5"]


@pytest.mark.parametrize("text", ATTACKS)
def test_what_begins_a_formula_stands_behind_an_apostrophe(text):
    assert is_risky(text)
    assert neutral(text) == f"'{text}"
    assert meant(neutral(text)) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_numbers_and_plain_names_stay_as_they_are(text):
    assert neutral(text) == text
    assert meant(text) == text


@given(st.text("=+-@'\t\r\n 1a甲＝", max_size=8))
def test_every_text_comes_back(text):
    assert meant(neutral(text)) == text
    assert not neutral(text).startswith(("=", "@", "\t", "\r"))


def rows():
    return rows_of("retired", no_places(len(ATTACKS) + 1), {
        "grid_code": [*ATTACKS, "620802001001001"], "name": [*ATTACKS, "-12.5"], "comm_code": "x" * (len(ATTACKS) + 1),
    })  # fmt: skip


def test_no_cell_of_a_csv_file_is_a_formula(tmp_path):
    WRITERS["csv"].write([rows()], tmp_path, ExportWish("a", "a", places_of("EPSG:4545", "project")), SILENT)
    with (tmp_path / "retired.csv").open(encoding="utf-8-sig", newline="") as stream:
        table = list(csv.DictReader(stream))
    assert all(cell.startswith("'") for row in table[:-1] for cell in (row["grid_code"], row["name"]))
    assert [meant(row["name"]) for row in table] == [*ATTACKS, "-12.5"]


def test_no_cell_of_a_workbook_is_a_formula_or_becomes_one(tmp_path):
    WRITERS["xlsx"].write([rows()], tmp_path, ExportWish("a", "a", places_of("EPSG:4545", "project")), SILENT)
    sheet = load_workbook(tmp_path / "tables.xlsx")["retired"]
    cells = [row[1] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells[:-1])
    kept = [text.replace("\r", "") for text in ATTACKS]  # a carriage return is no sign of XML
    assert [cell.value for cell in cells] == [*kept, "-12.5"]


def test_errors_and_names_of_fields_are_text_too(tmp_path):
    schema = dataclasses.replace(
        SCHEMAS["retired"], fields=(dataclasses.replace(SCHEMAS["retired"].fields[0], name="=A1", was="grid_code"),)
    )
    found = dataclasses.replace(rows(), schema=schema, columns={"=A1": np.array(["#N/A"] * len(rows()), object)})
    for name in ("csv", "xlsx"):
        WRITERS[name].write([found], tmp_path, ExportWish("a", "a", places_of("EPSG:4545", "project")), SILENT)
    sheet = load_workbook(tmp_path / "tables.xlsx")["retired"]
    assert (sheet["A1"].value, sheet["A1"].data_type) == ("=A1", "s")
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("#N/A", "s")
    assert (tmp_path / "retired.csv").read_text(encoding="utf-8-sig").startswith("'=A1")


def test_the_table_of_fields_is_neutral_and_is_read_again(tmp_path):
    schemas = [dataclasses.replace(SCHEMAS["retired"], name=name, was="retired") for name in ("=网格", "../outside", "plain")]
    write_field_table(tmp_path / "fields.csv", schemas)
    text = (tmp_path / "fields.csv").read_text(encoding="utf-8-sig")
    assert "\n=网格" not in text
    assert earlier_layers(tmp_path / "fields.csv") == ["=网格", "plain"]  # a file outside the folder is nobody's to remove
    (tmp_path / "fields.csv").write_text("a,b\n../x,1\n", encoding="utf-8")
    assert earlier_layers(tmp_path / "fields.csv") == []
    assert earlier_layers(tmp_path / "none.csv") == []


def test_names_of_sheets_are_what_workbooks_take():
    taken = set()
    assert sheet_name("=a/b:c", taken) == "=a-b-c"
    assert sheet_name("=A-B-C", taken) == "=A-B-C-2"
