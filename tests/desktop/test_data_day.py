import shutil
from pathlib import Path

import pytest

from tests.desktop.screen import run_on, screen


@pytest.mark.skipif(not shutil.which("Xvfb"), reason="there is no X server here")
def test_raw_files_in_and_layers_out_by_mouse_and_keys(tmp_path: Path) -> None:
    with screen() as display:
        done = run_on(display, "tests.desktop.data_day", str(tmp_path), folder=tmp_path, seconds=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("export")
