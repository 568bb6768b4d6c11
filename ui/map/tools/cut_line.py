"""Cut: a line cuts the units that it crosses from border to border; the grids stay as they are."""

from __future__ import annotations

from gridplanner.edits.cut_edits import CutUnits
from gridplanner.edits.edit import Edit
from gridplanner.i18n import _
from gridplanner.model.lines import Floats
from ui.map.tools.line_drag import line_drag
from ui.map.tools.street_pen import tried
from ui.map.tools.tool import Drag, Pointer, Preview, Reach
from ui.map.tools.trace import as_places


class CutLine:
    """A drag draws a straight line; clicks draw one with corners, ended by Enter or a double click."""

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        if reach.project.units is None:
            return None

        def made(line: Floats, pointer: Pointer) -> tuple[Edit | None, str]:
            del pointer
            return tried(reach.project, [lambda: CutUnits((as_places(line),))])

        return (yield from line_drag(reach.project, press, _preview, made))


def _preview(line: Floats, marks: Floats, pointer: Pointer, why: str) -> Preview:
    del pointer
    hint = why or _("Cut: draw a line across units from border to border; what stops inside a unit is left out")
    return Preview(lines=(line,), marks=marks, sure=not why, hint=hint, warning=why)
