"""Progress on a terminal and in a log, and Ctrl-C: once to finish, twice to cancel."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gridplanner.cli import main
from gridplanner.console import ConsoleProgress, plain_output
from gridplanner.progress import Span
from sample_data import SAMPLE_PLAN

ROOT = Path(__file__).parents[2]


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_log_gets_one_line_a_message_and_a_terminal_a_bar():
    log, terminal = io.StringIO(), Terminal()
    for stream in (log, terminal):
        progress = ConsoleProgress(stream)
        for k in range(100):
            Span(progress, 0.5, 1.0).report(k / 100, "Reading" if k < 50 else "Planning")
    assert [line.split("%")[1].strip() for line in log.getvalue().splitlines()] == ["Reading", "Planning"]
    assert "█" in terminal.getvalue()
    assert "Planning" in terminal.getvalue()


def test_quiet_says_nothing():
    stream = Terminal()
    progress = ConsoleProgress(stream, quiet=True)
    progress.report(0.5, "Reading")
    progress.say("done")
    assert stream.getvalue() == ""


def test_names_from_elsewhere_neither_steer_the_terminal_nor_stop_a_command(monkeypatch):
    terminal, file = Terminal(), io.TextIOWrapper(io.BytesIO(), encoding="gbk")
    for stream in (terminal, file):
        monkeypatch.setattr(sys, "stdout", stream)
        with plain_output():
            print("南\x1b[2J\x07\u202e街 \u0626\ud800", flush=True)
        assert sys.stdout is stream
    assert terminal.getvalue() == "南?[2J??街 \u0626\ud800\n"
    assert file.buffer.getvalue().decode("gbk") == "南\x1b[2J\x07\\u202e街 \\u0626\\ud800\n"  # a file holds what was there
    told = Terminal()
    ConsoleProgress(told).say("a\x1b[2J")
    assert "a?[2J" in told.getvalue()


def test_an_error_repeats_no_password(capsys):
    assert main(["changes", "postgis:host=db user=ann password=hunter2#town"]) == 2
    assert main(["check", "postgis:postgresql://ann:hun@ter2@db/town#x"]) == 2
    told = capsys.readouterr()
    assert "hunter2" not in told.err + told.out
    assert "ter2" not in told.err + told.out


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends console events, not signals")
@pytest.mark.parametrize(("times", "code"), [(1, 0), (2, 130)])
def test_ctrl_c_once_finishes_with_the_best_so_far_and_twice_cancels(tmp_path, times, code):
    plan = tmp_path / "plan.toml"
    text = SAMPLE_PLAN.read_text(encoding="utf-8").replace('path = "', f'path = "{SAMPLE_PLAN.parent.as_posix()}/')
    head, _mark, _tail = text.partition("[zones]")
    plan.write_text(head.replace("tolerance = 0.10", 'tolerance = 0.10\neffort = "thorough"'), encoding="utf-8")
    run = subprocess.Popen(
        [sys.executable, "-m", "ui", "run", str(plan), "--out", str(tmp_path / "out"), "--lang", "en"],
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    with run:
        for line in run.stderr:
            if "Grouping" in line:
                break
        time.sleep(0.3)
        for _ in range(times):
            run.send_signal(signal.SIGINT)
            time.sleep(0.05)  # two signals at once would be one
        rest = run.stderr.read()
    assert run.returncode == code, rest
    assert (tmp_path / "out" / "grids.shp").exists() == (code == 0)
    assert "Traceback" not in rest


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends console events, not signals")
@pytest.mark.parametrize(("searches", "cancelled"), [(True, False), (False, True)])
def test_the_first_ctrl_c_cancels_what_searches_for_nothing(searches, cancelled):
    stream = io.StringIO()
    with ConsoleProgress(stream, searches=searches) as progress:
        os.kill(os.getpid(), signal.SIGINT)
        assert progress.is_cancelled() == cancelled
        assert progress.should_finish()
    assert ("best so far" in stream.getvalue()) != cancelled
