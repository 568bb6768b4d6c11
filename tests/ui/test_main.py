import dataclasses
import os
import subprocess
import sys
from pathlib import Path

from gridplanner.io.project_file import save_project
from gridplanner.model.project import Project, Provenance

ROOT = Path(__file__).parents[2]


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    without = {key: value for key, value in os.environ.items() if key not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**without, **environment}, capture_output=True, text=True, timeout=60, check=False
    )


def test_other_words_go_to_the_command_line_without_loading_qt() -> None:
    code = (
        "import sys; from ui.__main__ import main\ntry:\n main(['--version'])\nexcept SystemExit:\n pass\nprint('PySide6' in sys.modules)"
    )
    assert run(code).stdout.splitlines()[-1] == "False"


def test_without_a_display_and_a_project_the_window_says_what_works() -> None:
    done = run("import sys; from ui.__main__ import main; sys.exit(main([]))")
    assert done.returncode == 2
    assert "no display" in done.stderr


def test_without_a_display_a_project_is_painted_into_a_file(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "town.gridplan"
    save_project(dataclasses.replace(project, provenance=(Provenance("households", "", "", 1, ""),)), path)
    done = run(f"import sys; from ui.__main__ import main; sys.exit(main([{str(path)!r}]))")
    assert done.returncode == 0, done.stderr
    assert path.with_suffix(".png").stat().st_size > 20_000


def test_the_first_window_needs_neither_numpy_nor_the_model() -> None:
    code = (
        "import sys; from PySide6.QtCore import QSettings; from ui.app import make_app; from ui.main_window import MainWindow;"
        "from ui.preferences import Preferences; p = Preferences(QSettings('/nowhere.ini', QSettings.Format.IniFormat));"
        "app = make_app(p); w = MainWindow(p); w.show(); app.processEvents();"
        "print([m for m in ('numpy', 'shapely', 'gridplanner.model.project', 'multiprocessing') if m in sys.modules])"
    )
    done = run(code, QT_QPA_PLATFORM="offscreen")
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
