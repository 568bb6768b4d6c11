"""Talk on the terminal: a progress bar on standard error, Ctrl-C once to finish a search and twice to cancel."""

from __future__ import annotations

import io
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from types import FrameType
from typing import Any, TextIO, cast

from algorithms.progress import Progress
from gridplanner.i18n import _

_WIDTH = 28
# what moves the cursor, colours, names the window or turns the order of letters around: a name from elsewhere may hold it
_SIGNS = (*range(32), 127, *range(128, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_PLAIN = {sign: "?" for sign in _SIGNS if chr(sign) not in "\t\n"}
_PAUSE = 0.1  # seconds between two redraws


def plain(text: str) -> str:
    r"""Return text as a terminal shows it and does nothing else.

    >>> plain("South\x1b[2J\x07 street\n")
    'South?[2J? street\n'
    """
    return text.translate(_PLAIN)


class _PlainOutput:
    """Standard output of a terminal: what is written is plain."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(plain(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def plain_output() -> Iterator[None]:
    """Let names from elsewhere neither steer the terminal nor stop a command: what the output's encoding lacks is written as its code."""
    stream = sys.stdout
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    if stream.isatty():
        with redirect_stdout(cast(TextIO, _PlainOutput(stream))):
            yield
    else:
        yield


class ConsoleProgress(Progress):
    """Shows one line that redraws itself on a terminal, plain lines at new messages elsewhere, nothing where `quiet`.

    What only reads or writes has no best so far (`searches` False): there the first Ctrl-C cancels.
    """

    def __init__(self, stream: TextIO | None = None, *, quiet: bool = False, searches: bool = True) -> None:
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._live = self._stream.isatty()
        self._message = ""
        self._shown = 0.0
        self._interrupts = 0
        self._patience = 1 if searches else 0  # interrupts that do not cancel

    def __enter__(self) -> ConsoleProgress:
        self._before = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, *_why: object) -> None:
        signal.signal(signal.SIGINT, self._before)
        self.clear()

    def report(self, fraction: float, message: str = "") -> None:
        """Redraw the bar, at most ten times a second; without a terminal print each new message once."""
        if self._quiet:
            return
        new = bool(message) and message != self._message
        self._message = message or self._message
        if not self._live:
            if new:
                print(f"{100 * fraction:3.0f} %  {message}", file=self._stream, flush=True)
            return
        now = time.monotonic()
        if new or now - self._shown > _PAUSE:
            full = round(_WIDTH * fraction)
            bar = "█" * full + "░" * (_WIDTH - full)
            print(f"\r\x1b[K{bar} {100 * fraction:3.0f} %  {self._message}", end="", file=self._stream, flush=True)
            self._shown = now

    def note(self, message: str) -> None:
        """Print a line that stays; as a message of the bar the next one would wipe it."""
        self.say(message)

    def should_finish(self) -> bool:
        """True after the first Ctrl-C."""
        return self._interrupts > 0

    def is_cancelled(self) -> bool:
        """True after the second Ctrl-C, or the first where nothing is searched for."""
        return self._interrupts > self._patience

    def clear(self) -> None:
        """Take the bar away before something else is printed."""
        if self._live and not self._quiet:
            print("\r\x1b[K", end="", file=self._stream, flush=True)

    def say(self, text: str) -> None:
        """Print a line for the person at the terminal."""
        if not self._quiet:
            self.clear()
            print(plain(text), file=self._stream, flush=True)

    def _interrupt(self, _number: int, _frame: FrameType | None) -> None:
        self._interrupts += 1
        self.say(_("Cancelling") if self.is_cancelled() else _("Finishing with the best so far; Ctrl-C again cancels"))
