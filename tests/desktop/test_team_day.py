import shutil
from pathlib import Path

import pytest

from tests.desktop.screen import run_on, screen


@pytest.mark.skipif(not shutil.which("Xvfb"), reason="there is no X server here")
def test_a_community_is_handed_out_and_brought_back_by_mouse_and_keys(tmp_path: Path) -> None:
    with screen() as display:
        done = run_on(display, "tests.desktop.team_day", str(tmp_path), folder=tmp_path, seconds=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("look_at_log")
