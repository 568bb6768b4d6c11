"""The console script `gridplanner`: the window, the demo, and every other word for the command line."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gridplanner.model.patrol_sheet import RouteSheet
    from gridplanner.model.project import Project


def main(argv: Sequence[str] | None = None) -> int:
    """Run what the words ask for and return the exit code; Qt is loaded only where a window is wanted."""
    multiprocessing.freeze_support()  # in a packed program a worker process begins here too
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or (len(words) == 1 and words[0].endswith((".gridplan", ".gridpack", ".toml"))):
        return _window([Path(word) for word in words])
    if words[0] == "demo":
        return _demo(words)
    from gridplanner.cli import main as command_line

    return command_line(words, _print_sheets)


def _print_sheets(project: Project, sheets: Sequence[RouteSheet], path: Path) -> None:
    """Write sheets of routes as PDF; on a Linux no display is needed for it."""
    if sys.platform.startswith("linux"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    from ui.printing.patrol_sheet import print_sheets

    app = QGuiApplication.instance() or QGuiApplication(["gridplanner"])  # who holds the fonts
    print_sheets(project, sheets, path)
    del app


def _window(paths: Sequence[Path], language: str = "") -> int:
    """Open the window; where nobody could see it, say so and save a picture of the project instead."""
    offscreen = _make_display()
    if offscreen and not any(path.suffix == ".gridplan" for path in paths):
        print("gridplanner: no display; see `gridplanner --help` for what works without one", file=sys.stderr)
        return 2
    from ui.app import render, run_app

    if not offscreen:
        return run_app(paths, language)
    picture = paths[0].with_suffix(".png")
    failure = render(paths[0], picture, language)
    print(f"gridplanner: {failure}" if failure else picture, file=sys.stderr)
    return 2 if failure else 0


def _demo(words: Sequence[str]) -> int:
    """Plan the sample town by the command line's own demo, then show it."""
    from gridplanner.cli import main as command_line

    code = command_line(words)
    if code or "--no-window" in words or "--help" in words or "-h" in words:
        return code
    folder = Path(_value_of(words, "--out") or "demo-out")
    projects = sorted(folder.glob("*.gridplan"))
    return _window(projects[:1], _value_of(words, "--lang")) if projects else code


def _value_of(words: Sequence[str], option: str) -> str:
    for number, word in enumerate(words):
        if word == option and number + 1 < len(words):
            return words[number + 1]
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
    return ""


def _make_display() -> bool:
    """Let Qt paint into memory on a Linux without a display; return whether it does."""
    seen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or not sys.platform.startswith("linux")
    if not seen:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return not seen


if __name__ == "__main__":
    sys.exit(main())
