"""A screen without a monitor: an X server of our own, and programs started on it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextmanager
def screen(width: int = 1920, height: int = 1080) -> Iterator[str]:
    """Start an X server on a free display and yield the display's name; it ends with the block."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"],
        pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    try:
        with os.fdopen(read) as told:
            number = told.readline().strip()
        assert number, "the X server did not start"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


def run_on(display: str, module: str, *words: str, folder: Path, seconds: float) -> subprocess.CompletedProcess[str]:
    """Run a module of the tests in a process of its own on a display, with a home folder of its own."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    environment = {
        **os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"), "XDG_STATE_HOME": str(home / "state"), "GRIDPLANNER_STATE": str(home / "state"),
        "LANG": "C.UTF-8",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-P", "-W", "error", "-m", module, *words], cwd=ROOT, env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=seconds, check=False,
    )  # fmt: skip
