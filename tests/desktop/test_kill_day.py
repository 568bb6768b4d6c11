import shutil
import signal
from pathlib import Path

import pytest

from tests.desktop.screen import run_on, screen


@pytest.mark.skipif(not shutil.which("Xvfb"), reason="there is no X server here")
def test_a_window_that_is_killed_loses_no_edit(tmp_path: Path) -> None:
    with screen() as display:
        for part in ("edits", "back"):
            done = run_on(display, "tests.desktop.kill_day", str(tmp_path), part, folder=tmp_path, seconds=120)
            ended = 0 if part == "back" else -signal.SIGKILL
            assert done.returncode == ended, f"{part}: {done.stdout}{done.stderr}"
