"""The program's diary: it rotates, never stops the program, and holds no word of data; neither does the support bundle."""

from __future__ import annotations

import ast
import getpass
import json
import os
import re
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from gridplanner import logbook
from gridplanner.cli import main
from gridplanner.errors import InputError
from gridplanner.logbook import FILES, ROOM, Logbook
from gridplanner.support import bundle_parts, project_part, scrubbed, write_bundle

CANARIES = ("canary", "南大街", "620802001001", "王某", "13900001111", "hunter2")


def written(folder: Path) -> str:
    logbook.flush()
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((folder / "logs").glob("*.log")))


def fail_on(what: str) -> None:
    raise InputError(f"/home/{what}/{what}.gpkg: row 3 “{what}” is no number")


def test_what_happened_is_there_and_what_it_happened_to_is_not(diary: Path) -> None:
    logbook.begin("window")
    for canary in CANARIES:
        logbook.note("opened", path=f"/home/ann/{canary}.gridplan", words=f"Rename grid {canary}", households=5)
        with pytest.raises(InputError), logbook.timed("task", name="read_sources"):
            fail_on(canary)
    told = written(diary)
    assert "opened path=- words=- households=5" in told
    assert "error=InputError" in told
    assert "test_logbook.py:" in told
    assert not [canary for canary in CANARIES if canary in told]
    assert str(Path.home()) not in told


def test_whoever_writes_into_the_diary_gives_it_no_text_of_data() -> None:
    """A word of the alphabet may be a place's name: so what is noted is a constant, a number, or one of these, which were looked at."""
    looked_at = {
        "type(why).__name__", "options.verb", "job.function.rpartition(':')[2] or '-'", "function.rpartition(':')[2]", "f'v{__version__}'",
        "f'v{python}'", "f'v{qt}'", "system", "language()", "name", "outcome", "'saver' if gently else 'worker'", "event",
    }  # fmt: skip
    numbers = {"os.getpid()", "seconds"}
    root, noted = Path(logbook.__file__).parents[1], set()
    for path in [*(root / "gridplanner").rglob("*.py"), *(root / "ui").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        if "/benchmarks/" in path.as_posix() or not re.search(r"\blogbook\b", text):
            continue
        for call in ast.walk(ast.parse(text)):
            if isinstance(call, ast.Call) and re.fullmatch(
                r"((self|logbook|book)\.)?(note|timed|begin|note_failure)", ast.unparse(call.func)
            ):
                values = [*call.args, *(each.value for each in call.keywords if each.arg)]
                noted |= {ast.unparse(value) for value in values if not isinstance(value, ast.Constant)}
    noted = {one for one in noted if not re.match(r"(round|len)\(", one)} - numbers - {"why", "what.exc_value"}
    assert noted == looked_at


def test_a_failing_command_leaves_its_verb_and_error_alone(diary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "/nowhere/canary-town.gridplan"]) == 2
    told = written(diary)
    assert "verb=check" in told
    assert "error=ProjectFileError" in told
    assert "canary" not in told
    assert "nowhere" not in told


def test_files_are_turned_and_the_oldest_given_up(diary: Path) -> None:
    folder = diary / "logs"
    book = Logbook("window", folder)
    line = "x" * 70
    for _turn in range(FILES + 2):
        for _line in range(ROOM // 900):
            book.note("full", **dict.fromkeys("abcdefghij", line))
        book.flush(10.0)
    book.close()
    sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
    assert set(sizes) == {"window.log", *(f"window.{number}.log" for number in range(1, FILES))}
    assert max(sizes.values()) <= ROOM


def test_two_processes_of_a_kind_write_files_of_their_own(diary: Path) -> None:
    first, second = Logbook("worker", diary / "logs"), Logbook("worker", diary / "logs")
    for number in range(50):
        first.note("one", n=number)
        second.note("two", n=number)
    for book in (first, second):  # both have their file before one lets go of it
        book.flush(10.0)
    first.close()
    second.close()
    files = sorted((diary / "logs").iterdir())
    assert [path.name for path in files] == ["worker.log", "worker1.log"]
    for path, name in zip(files, ("one", "two"), strict=True):
        assert [line.split()[1] for line in path.read_text(encoding="utf-8").splitlines()] == [name] * 50


def test_neither_a_full_disk_nor_a_missing_folder_stops_anything(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    places = [tmp_path / "file" / "logs"]
    if Path("/dev/full").exists():
        (tmp_path / "logs").mkdir()
        (tmp_path / "logs" / "window.log").symlink_to("/dev/full")
        places.append(tmp_path / "logs")
    for place in places:
        book = Logbook("window", place)
        start = time.perf_counter()
        for number in range(10_000):  # more than may wait
            book.note("something", n=number)
        assert time.perf_counter() - start < 2.0
        book.close()


def test_without_a_beginning_nothing_is_written(diary: Path) -> None:
    logbook.note("something")
    with logbook.timed("something"):
        pass
    assert not diary.exists()


def test_the_last_words_are_written_as_the_program_ends(diary: Path) -> None:
    words = "from gridplanner import logbook; logbook.begin('command'); logbook.note('last', n=7)"
    subprocess.run([sys.executable, "-c", words], check=True, env={**os.environ, "GRIDPLANNER_STATE": str(diary)})
    assert "last n=7" in written(diary)


def test_the_bundle_holds_no_data_unless_they_are_asked_for(diary: Path, tmp_path: Path) -> None:
    logbook.begin("window")
    with pytest.raises(InputError), logbook.timed("task", name="read_sources"):
        fail_on("canary")
    settings = {
        "recent": "/home/canary/canary.gridplan", "folder/open": "/home/canary", "choice/database": "hunter2", "language": "zh_CN",
        "theme": "dark", "choice/tour": "seen", "choice/南大街": "1", "choice/canary": "canary", "window/side": "348", "zoom": 2,
        "choice/shared": "620802", "phone": "13900001111", "station": 620802001001,
    }  # fmt: skip
    parts = bundle_parts(settings, {"width": 1920})
    path, project = tmp_path / "bundle.zip", tmp_path / "canary.gridplan"
    project.write_text("canary", encoding="utf-8")
    write_bundle(path, parts)
    with zipfile.ZipFile(path) as bundle:
        held = {name: bundle.read(name).decode() for name in bundle.namelist()}
    assert set(held) == {"about.json", "settings.json", "logs/window.log"}
    assert json.loads(held["settings.json"]) == {"language": "zh_CN", "theme": "dark", "window/side": "348", "zoom": 2}
    assert json.loads(held["about.json"])["libraries"]["shapely"]
    everything = " ".join(f"{name} {text}" for name, text in held.items())
    names = [name for name in (getpass.getuser(), socket.gethostname(), str(Path.home())) if len(name) > 5]
    assert not [canary for canary in (*CANARIES, *names) if canary in everything]
    write_bundle(path, (*parts, project_part(project)))
    with zipfile.ZipFile(path) as bundle:
        assert bundle.read("data/project.gridplan") == b"canary"
        assert "canary" not in " ".join(bundle.namelist())


def test_a_log_that_names_somebody_is_scrubbed_before_it_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "desk-of-ann")
    line = f"opened {Path.home()}/town by {socket.gethostname()} window"
    assert scrubbed(line.encode()) == b"opened ~/town by computer window"


def test_the_command_tells_what_it_packs(diary: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bundle.zip"
    assert main(["support", "--out", str(path), "--lang", "en"]) == 0
    assert "about.json" in capsys.readouterr().out
    with zipfile.ZipFile(path) as bundle:
        assert set(bundle.namelist()) == {"about.json", "logs/command.log"}
    assert main(["support", "--out", str(tmp_path / "bundle.tar")]) == 2
    assert main(["support", "--with-project", str(tmp_path / "none.gridplan")]) == 2


def test_a_note_takes_no_time_that_counts(diary: Path) -> None:
    book = Logbook("window", diary / "logs")
    start = time.perf_counter()
    for number in range(2_000):
        book.note("action", name="save_as", seconds=0.012, n=number)
    assert (time.perf_counter() - start) / 2_000 < 0.001
    book.close()
