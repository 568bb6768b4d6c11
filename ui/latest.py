"""A thread that answers the newest request: for painting and for figures, where an older request has lost its point."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Signal, SignalInstance

from ui.failure_words import failure_words


class Obsolete(Exception):  # noqa: N818  (a newer request is not an error)
    """Raised by an answer that notices that nobody waits for it any more."""


Answer = Callable[[object, Callable[[], bool]], Iterator[object]]


class Latest(QObject):
    """Calls `answer(request, is_obsolete)` on a thread; `answered` brings everything it yields.

    A request that comes while another is being answered waits; one that waits is replaced by a newer one.
    """

    answered = Signal(object)
    failed = Signal(str)

    def __init__(self, answer: Answer, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answer = answer
        self._news = threading.Condition()
        self._waiting: list[object] = []
        self._urgent = False
        self._closed = False
        self._thread = threading.Thread(target=self._run, daemon=True, name=name)
        self._thread.start()

    def ask(self, request: object, *, urgent: bool = True) -> None:
        """Answer `request` next; an urgent one makes the answer in hand obsolete, others wait for it."""
        with self._news:
            self._waiting[:] = [request]
            self._urgent = self._urgent or urgent
            self._news.notify()

    def close(self, patience: float = 5.0) -> None:
        """End the thread, after so many seconds for the answer in hand at most; nothing is told of it any more.

        A dialog waits for none: a server that says nothing would keep the window from being closed.
        """
        with self._news:
            self._closed = True
            self._urgent = True
            self._waiting[:] = [None]
            self._news.notify()
        self._thread.join(patience)

    def _is_obsolete(self) -> bool:
        return self._urgent

    def _run(self) -> None:
        while True:
            with self._news:
                while not self._waiting:
                    self._news.wait()
                request = self._waiting.pop()
                self._urgent = False
                if self._closed:
                    return
            try:
                for value in self._answer(request, self._is_obsolete):
                    if not self._tell(self.answered, value):
                        return
                    if self._urgent:
                        break
            except Obsolete:
                continue
            except Exception as why:
                traceback.print_exc()
                if not self._tell(self.failed, failure_words(why)):
                    return

    def _tell(self, signal: SignalInstance, value: object) -> bool:
        """Emit a signal, unless this is closed: its parent may be gone by then."""
        with self._news:
            if not self._closed:
                signal.emit(value)
            return not self._closed
