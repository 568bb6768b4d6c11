"""What every test stands on: a Qt without a screen, and the folder of real data where there is one."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from gridplanner import logbook
from tests.io.postgis_server import database as database

# Before Qt is imported anywhere. A person who wants to watch sets GRIDPLANNER_TEST_DISPLAY=1 (on a bare machine under xvfb-run).
if not os.environ.get("GRIDPLANNER_TEST_DISPLAY"):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

# No window and no command of a test keeps journals, backups or logs among those of who runs it; the programs that tests start inherit it.
STATE = Path(tempfile.mkdtemp(prefix="gridplanner-tests-"))
os.environ["GRIDPLANNER_STATE"] = str(STATE)
atexit.register(shutil.rmtree, STATE, ignore_errors=True)


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Folder of real towns, published instances and broken files, too large for the repository."""
    name = os.environ.get("GRIDPLANNER_TEST_DATA")
    if not name:
        pytest.skip("real data is not here: GRIDPLANNER_TEST_DATA names no folder")
    folder = Path(name)
    if not folder.is_dir():
        pytest.fail(f"GRIDPLANNER_TEST_DATA names {name}, which is no folder")
    return folder


@pytest.fixture
def diary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of the program's own state for one test, in which no diary is begun yet."""
    monkeypatch.setenv("GRIDPLANNER_STATE", str(tmp_path / "state"))
    logbook.end()
    yield tmp_path / "state"
    logbook.end()
