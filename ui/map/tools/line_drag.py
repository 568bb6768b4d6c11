"""A line drawn straight in one drag, or with corners in clicks that Enter or a double click ends."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gridplanner.edits.edit import Edit
from gridplanner.model.lines import Floats
from gridplanner.model.project import Project
from ui.map.tools.tool import Drag, Pointer, Preview
from ui.map.tools.trace import Trace

DRAG = 8.0  # pixels from the press within which letting go is a click

Shows = Callable[[Floats, Floats, Pointer, str], Preview]  # the line, its corners, the pointer, and why it could not end
Makes = Callable[[Floats, Pointer], tuple[Edit | None, str]]  # the edit of a line, or None and why not


def line_drag(project: Project, press: Pointer, shows: Shows, makes: Makes) -> Drag:
    """Let the hand draw a line until an edit can be made of it; Backspace takes a corner back."""
    trace = Trace(project, streets=False)
    trace.take(press)
    held, why, pointer = True, "", press
    while True:
        pointer = yield shows(trace.line(trace.leg_to(pointer)), trace.marks, pointer, why)
        ends = pointer.accepted
        if pointer.back:
            why = ""
            if not trace.back():
                return None
        elif pointer.released and held:
            held = False
            ends = bool(np.hypot(*(trace.marks[0] - (pointer.x, pointer.y))) * pointer.scale > DRAG)
            trace.take(pointer)
        elif pointer.pressed and trace.take(pointer):
            why = ""
        if ends:
            edit, why = makes(trace.line(), pointer)
            if edit is not None:
                return edit
