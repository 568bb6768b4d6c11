"""Short errands to a disk, done in a thread: a drive that does not answer must not keep the window from being used."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from gridplanner.errors import GridplannerError

Then = Callable[[Any], object]


@dataclass(frozen=True)
class _Answer:
    """What an errand brought, and whom to tell."""

    then: Then
    value: object


class Errand(QObject):
    """Runs functions in threads and brings back what they return, in the thread of the window; what they raise is brought as it is."""

    _back = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._closed = False
        self._guard = threading.Lock()
        self._back.connect(self._take)

    def run(self, work: Callable[[], object], then: Then) -> None:
        """Call `then` with what `work` returns, or with the GridplannerError that it raises."""
        threading.Thread(target=self._run, args=(work, then), daemon=True, name="errand").start()

    def close(self) -> None:
        """Tell nothing any more."""
        with self._guard:
            self._closed = True

    def _run(self, work: Callable[[], object], then: Then) -> None:
        try:
            value = work()
        except GridplannerError as why:
            value = why
        except Exception as why:
            traceback.print_exc()
            value = GridplannerError(str(why) or type(why).__name__)
        with self._guard:
            if not self._closed:
                self._back.emit(_Answer(then, value))

    def _take(self, answer: _Answer) -> None:
        answer.then(answer.value)
