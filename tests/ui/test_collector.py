"""Widgets that refer to themselves end in the window's thread, whichever thread is busy when they are dropped."""

from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from ui.collector import Collector, collect


class Ring(QObject):
    """A widget's like: it holds a timer and refers to itself."""

    def __init__(self, ended: list[int]) -> None:
        super().__init__()
        self.myself = self
        self.timer = QTimer(self)
        self.timer.start(60_000)
        weakref.finalize(self, lambda: ended.append(threading.get_ident()))


def busy() -> None:
    """Allocate enough for Python to collect all generations by itself."""
    for _round in range(20):
        held = [[number] for number in range(5000)]
        del held


def test_what_another_thread_does_collects_no_widget(qapp: QApplication) -> None:
    collector = Collector()
    gc.collect()
    ended: list[int] = []
    Ring(ended)
    thread = threading.Thread(target=busy)
    thread.start()
    thread.join()
    assert ended == []
    gc.collect(0)
    assert ended == [threading.get_ident()]
    assert not gc.isenabled()
    collector.deleteLater()


def test_collecting_follows_pythons_own_limits() -> None:
    gc.collect()
    assert collect() == -1
    held = [[number] for number in range(2 * gc.get_threshold()[0])]
    assert collect() >= 0
    assert len(held) == 2 * gc.get_threshold()[0]
