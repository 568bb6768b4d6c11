"""The commands of a roster: made, planned again after a sick call, followed by the next, listed and written."""

import json

import pytest
from roster_line import guarded_line

from gridplanner.cli import main
from gridplanner.io.project_file import open_project, save_project
from gridplanner.settings import RosterCell


@pytest.fixture
def line(tmp_path):
    path = tmp_path / "line.gridplan"
    save_project(guarded_line(guards=4, demand={"early": 1, "late": 1}), path)
    return path


def test_a_roster_is_made_used_and_followed_from_the_command_line(line, tmp_path, capsys):
    assert main(["--lang", "en", "roster", str(line), "--start", "2026-01-05", "--days", "7", "--json", "--quiet"]) == 0
    figures = json.loads(capsys.readouterr().out)["roster"]
    assert (figures["people"], figures["duties"], figures["short"], figures["status"]) == (4, 14, 0, "optimal")
    made = open_project(line).roster
    later, book = tmp_path / "later.gridplan", tmp_path / "roster.xlsx"
    words = ["--sick", "1-01", "--from", "2026-01-06", "--day", "2026-01-06", "--book", str(book), "--out", str(later)]
    assert main(["--lang", "en", "duty", str(line), *words]) == 0
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 2
    assert "\t1-01\t" not in said.out
    assert "1-01 is absent from 2026-01-06" in said.err
    assert book.stat().st_size > 1000
    after = open_project(later)
    assert after.roster.cells[0, 1] == -2
    assert len(after.roster_cells) == 1
    assert open_project(line).roster.cells.tolist() == made.cells.tolist()
    assert main(["--lang", "en", "--quiet", "duty", str(later), "--next"]) == 0
    assert open_project(later).roster.start == "2026-01-12"


@pytest.mark.parametrize(("words", "told"), [
    ([], "--sick"), (["--sick", "1-01"], "--from"), (["--book", "roster.csv"], ".xlsx"), (["--next"], "no roster yet"),
    (["--day", "2026-01-05"], "no roster yet"),
])  # fmt: skip
def test_what_cannot_be_done_says_what_to_do(line, words, told, capsys):
    assert main(["--lang", "en", "duty", str(line), *words]) == 2
    assert told in capsys.readouterr().err


def test_a_law_that_cannot_be_kept_ends_with_three_and_leaves_the_file(line, capsys):
    fixed = (RosterCell("1-01", "2026-01-05", "fixed", "late"), RosterCell("1-01", "2026-01-06", "fixed", "early"))
    save_project(guarded_line(guards=4, cells=fixed), line)
    before = line.read_bytes()
    assert main(["--lang", "en", "--quiet", "roster", str(line)]) == 3
    told = capsys.readouterr().err
    assert all(word in told for word in ("1-01", "late shift", "rest between two shifts", "free"))
    assert main(["--lang", "en", "--quiet", "roster", str(line), "--start", "soon"]) == 2
    assert "2026-03-01" in capsys.readouterr().err
    assert main(["--lang", "en", "--quiet", "roster", str(line), "--for", "volunteers"]) == 2
    assert line.read_bytes() == before
