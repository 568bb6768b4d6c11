"""What the tests ask a real worker process to do."""

from __future__ import annotations

import os
import time

import numpy as np

from gridplanner.errors import InputError
from gridplanner.i18n import language
from gridplanner.progress import SILENT, Progress


def double(values: np.ndarray) -> np.ndarray:
    return values * 2


def wait(seconds: float, progress: Progress = SILENT) -> str:
    stop = time.monotonic() + seconds
    while time.monotonic() < stop:
        progress.check()
        progress.report(0.25, "quarter")
        if progress.should_finish():
            return "early"
        time.sleep(0.01)
    return "late"


def refuse() -> None:
    raise InputError("roads.shp: there is no field class")


def stumble() -> None:
    raise KeyError("surprise")


def die() -> None:
    os._exit(3)


def spoken() -> str:
    return language()
