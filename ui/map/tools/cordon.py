"""Cordon: click around an area that is to be closed; a double click, Enter or the first corner closes it, with Shift it stays a line."""

from __future__ import annotations

import numpy as np

from gridplanner.edits.checkpoint_edits import DrawCordon
from gridplanner.i18n import _
from gridplanner.model.lines import Floats
from ui.map.tools.street_pen import tried
from ui.map.tools.tool import Drag, Pointer, Preview, Reach
from ui.map.tools.trace import Trace, as_places


class Cordon:
    """Clicks set corners, Backspace takes the last one back, Escape abandons."""

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        trace = Trace(reach.project, streets=False)
        trace.take(press)
        pointer, why = press, ""
        while True:
            pointer = yield _preview(trace, pointer, why)
            if pointer.back:
                why = ""
                if not trace.back():
                    return None
            elif pointer.accepted or (pointer.pressed and trace.closes(pointer)):
                drawn, is_line = as_places(trace.line()), pointer.more
                edit, why = tried(reach.project, [lambda xy=drawn, line=is_line: DrawCordon(xy, is_line=line)])  # type: ignore[misc]
                if edit is not None:
                    return edit
            elif pointer.pressed and trace.take(pointer):
                why = ""


def _preview(trace: Trace, pointer: Pointer, why: str) -> Preview:
    line: Floats = trace.line(trace.leg_to(pointer))
    closes = trace.closes(pointer)
    if len(line) > 2 and not closes and not pointer.more:
        line = np.vstack((line, line[:1]))
    hint = why or _("Cordon: click around what is to be closed; Enter or a double click closes it, with Shift it stays a line")
    return Preview(lines=(line,), marks=trace.marks, sure=closes, hint=hint, warning=why)
