"""A hand at the real window: mouse and keys by way of the X server, eyes on the widgets.

Events come from xdotool through the server's own input (XTEST), so they pass everything that a person's would: the window system,
Qt's delivery, focus and grabs. The hand has a thread of its own, as a person has, so that a dialog that blocks does not block it;
what is on the screen is asked of the widgets in their thread, which is the only thing done behind the window's back.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from ui.map.canvas import Canvas

PATIENCE = 60.0  # seconds until waiting for something counts as a failure
T = TypeVar("T")


class Eyes(QObject):
    """Calls functions in the window's thread."""

    _asked = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._asked.connect(self._answer, Qt.ConnectionType.QueuedConnection)

    def ask(self, question: Callable[[], T]) -> T:
        """Return what a function returns in the window's thread, or raise what it raises."""
        answer: Future[T] = Future()
        self._asked.emit(question, answer)
        return answer.result(PATIENCE)

    def _answer(self, question: Callable[[], Any], answer: Future[Any]) -> None:
        try:
            answer.set_result(question())
        except BaseException as why:  # told to who asked
            answer.set_exception(why)


class Hand:
    """Moves the pointer, presses buttons and keys, and waits for what they lead to."""

    def __init__(self, eyes: Eyes) -> None:
        self.ask = eyes.ask

    # the server

    def do(self, *words: str) -> None:
        """Call xdotool, then give the window a moment to take in what came."""
        subprocess.run(["xdotool", *words], check=True, timeout=20)
        time.sleep(0.02)
        self.ask(lambda: None)

    def wait(self, there: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
        """Wait until something is there; raises TimeoutError, naming it, where it does not come."""
        until = time.perf_counter() + patience
        while not self.ask(there):
            if time.perf_counter() > until:
                raise TimeoutError(f"waited {patience:.0f} s for {what}")
            time.sleep(0.02)

    # keys

    def focus(self, window: QWidget) -> None:
        """Give a window the keys, as a window manager would."""
        self.wait(window.isVisible, "a window to be there")
        self.do("windowfocus", "--sync", str(self.ask(lambda: int(window.winId()))))
        self.wait(window.isActiveWindow, "a window to be active", 5.0)

    def focus_dialog(self, kind: type[QWidget]) -> QWidget:
        """Wait for a dialog of a kind, give it the keys and return it."""

        def found() -> QWidget | None:
            return next((part for part in QApplication.topLevelWidgets() if isinstance(part, kind) and part.isVisible()), None)

        self.wait(found, f"a {kind.__name__}")
        dialog = self.ask(found)
        assert dialog is not None
        self.focus(dialog)
        return dialog

    def key(self, *keys: str) -> None:
        """Press keys in turn, such as "ctrl+z"."""
        for key in keys:
            self.do("key", "--clearmodifiers", key)

    def type(self, text: str) -> None:
        """Type a text where text is expected."""
        self.wait(lambda: isinstance(QApplication.focusWidget(), QLineEdit), "a field for text")
        self.do("type", "--delay", "2", text)

    # mouse

    def point(self, at: QPoint) -> None:
        """Move the pointer to a place of the screen."""
        self.do("mousemove", str(at.x()), str(at.y()))

    def click(self, at: QPoint | QWidget, *, button: int = 1, keys: Sequence[str] = (), times: int = 1) -> None:
        """Click a place of the screen or the middle of a widget, some keys held."""
        self.point(at if isinstance(at, QPoint) else self.ask(lambda: at.mapToGlobal(at.rect().center())))
        for key in keys:
            self.do("keydown", key)
        self.do("click", "--repeat", str(times), "--delay", "40", str(button))
        for key in keys:
            self.do("keyup", key)

    def drag(
        self, places: Sequence[QPoint], *, button: int = 1, keys: Sequence[str] = (), before_end: Callable[[], object] | None = None
    ) -> None:
        """Press at the first place, pass the others, let go at the last; `before_end` looks before the button is let go."""
        self.point(places[0])
        for key in keys:
            self.do("keydown", key)
        self.do("mousedown", str(button))
        for place in places[1:]:
            self.point(place)
        if before_end is not None:
            before_end()
        self.do("mouseup", str(button))
        for key in keys:
            self.do("keyup", key)


def on_screen(canvas: Canvas, x: float, y: float) -> QPoint:
    """Return where a place in metres lies on the screen; asked in the window's thread."""
    return canvas.mapToGlobal(QPointF(*canvas.view.point_to_screen(x, y)).toPoint())


def part_of(parent: QWidget, kind: type[QWidget], words: str) -> QWidget:
    """Return a visible part of a window by its words or its accessible name; asked in the window's thread."""
    for part in parent.findChildren(kind):
        text = str(part.text()) if hasattr(part, "text") else ""
        if part.isVisible() and words in {text, part.accessibleName(), text.replace("&", "")}:
            return part
    raise LookupError(f"no {kind.__name__} called {words}")
