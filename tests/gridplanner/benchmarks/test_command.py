"""The benchmark command: rows as JSON, kept figures, and an exit code that says whether a bar was missed."""

import json

from gridplanner.benchmarks import partition
from gridplanner.benchmarks.kept_figures import read_kept
from gridplanner.benchmarks.peer_runs import PEERS
from gridplanner.cli import main


def test_a_case_is_measured_printed_and_kept(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv(PEERS, raising=False)
    out = tmp_path / "figures" / "partition.json"
    code = main(["benchmark", "partition", "--quick", "--case", "exact", "--json", "--out", str(out), "--quiet"])
    rows = json.loads(capsys.readouterr().out)
    assert {row["case"] for row in rows} == {"60 blocks, 10 grids"}
    assert {"measure", "value", "bar", "ok", "peers"} <= set(rows[0])
    assert code == int(any(row["ok"] is False for row in rows))
    measured = {row["measure"]: row for row in rows}
    assert measured["broken"]["ok"] is True
    assert measured["time"]["value"] > 0
    kept = read_kept(out)
    assert kept.name == "partition"
    assert [row.measure for row in kept.rows] == [row["measure"] for row in rows]


def test_a_case_that_there_is_not_and_no_seeds_are_wrong_usage(capsys):
    assert main(["benchmark", "partition", "--case", "moon", "--lang", "en"]) == 2
    assert "moon" in capsys.readouterr().err
    assert main(["benchmark", "partition", "--seeds", "0", "--lang", "en"]) == 2
    assert "--seeds" in capsys.readouterr().err


def test_a_quick_benchmark_out_of_time_says_what_it_left_out(capsys, monkeypatch):
    monkeypatch.setattr(partition, "ENOUGH", -1.0)
    assert main(["benchmark", "partition", "--quick", "--case", "fine", "--case", "growth", "--json", "--lang", "en"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out) == []
    assert "fine, growth" in said.err
