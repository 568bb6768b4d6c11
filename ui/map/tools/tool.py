"""What a map tool is: a generator that is sent every move of the pointer, yields what to show, and returns the edit it amounts to."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from gridplanner.edits.edit import Edit
from gridplanner.model.lines import Floats
from gridplanner.model.project import Project


@dataclass(frozen=True)
class Pointer:
    """Where the pointer is and what the hand just did.

    `x`, `y` in metres; `unit` is the unit below (-1: none); `scale` pixels per metre, for distances that the hand means in pixels.
    `extend` is Ctrl held, `free` Alt, `more` Shift. `released` is True where the left button was let go here, `pressed` where it
    was pressed, `accepted` for Enter or a double click, `turned` the wheel's notches with Ctrl or Shift held (without, it zooms).
    `brush` is the radius of the brush in metres, 0 for the unit below alone; `back` is the Backspace key: one click is taken back.
    """

    x: float
    y: float
    unit: int
    extend: bool = False
    released: bool = False
    pressed: bool = False
    accepted: bool = False
    free: bool = False
    more: bool = False
    turned: int = 0
    scale: float = 1.0
    brush: float = 0.0
    back: bool = False


@dataclass(frozen=True)
class Tally:
    """A grid beside the hand: its short code, households before and as they would be, and whether that lies in the band.

    `code` is empty for a grid that would begin.
    `persons` is True where these are persons because the band speaks of nothing else. `name` and `told` stand in the place of the words
    about a grid where it is a beat or a zone.
    """

    code: str
    before: float
    after: float
    inside: bool
    persons: bool = False
    name: str = ""
    told: str = ""


@dataclass(frozen=True, eq=False)
class Preview:
    """What is shown while a tool is at work, over the map, in metres.

    `units` are shown as changed, `lines` drawn in the accent colour (`sure` ones solid, others dashed), `marks` (n, 2) as handles,
    `arrows` (n, 4) from x, y to x, y with `notes` beside them, `pieces` (m, 4) as loose straight pieces. `title`, `tallies`, `words` and
    `warning` are told at the cursor, `hint` in the status line (empty: the tool's own). `refused`: nothing can be done here. `good`:
    the words are good news. `edit` is one made already while the tool goes on.
    """

    units: frozenset[int] = frozenset()
    lines: tuple[Floats, ...] = ()
    sure: bool = True
    marks: Floats | None = None
    arrows: Floats | None = None
    tallies: tuple[Tally, ...] = ()
    words: str = ""
    hint: str = ""
    title: str = ""
    warning: str = ""
    pieces: Floats | None = None
    notes: tuple[str, ...] = ()
    refused: bool = False
    good: bool = False
    edit: Edit | None = None


NOTHING = Preview()
Drag = Generator[Preview, Pointer, Edit | None]


@dataclass(frozen=True, eq=False)
class Reach:
    """What a tool works on: the project, the selected grid that takes units (`target`), all that are selected, and its settings.

    `source` limits which units are taken: "any", "unassigned", or "one": those of the grid where the stroke begins. `groups` is "beats" or
    "zones" where tools work on these, `group` the one of them that takes grids. `route` is the row of the patrol route that is chosen, -1
    for none, `patrol_choice` which routes are shown (ui.map.patrol_strokes). `segment` is the row of the guard segment that is chosen, -1
    for none, `rail_choice` which plan of the railway is shown (ui.map.rail_strokes).
    """

    project: Project
    target: int | None = None
    chosen: tuple[int, ...] = ()
    source: str = "any"
    groups: str = ""
    group: int | None = None
    route: int = -1
    patrol_choice: str = ""
    segment: int = -1
    rail_choice: str = ""


class Tool(Protocol):
    """Turns one gesture into one edit.

    `drag` is sent every move of the pointer, pressed or not, until it returns; a tool for one drag returns where `pointer.released`,
    one for several clicks goes on. Escape closes it. A tool may say more of itself: `brushes = True` (it has a brush with a size),
    `picks = True` (the right button picks a grid for it), `cursor` (the name of a Qt.CursorShape).
    """

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        """Start at `press`."""


@runtime_checkable
class Hovering(Protocol):
    """A tool that shows what it would take before a button is pressed."""

    def hover(self, reach: Reach, pointer: Pointer) -> Preview:
        """Return what is shown while the pointer rests or moves with no drag in hand."""


@runtime_checkable
class Starting(Protocol):
    """A tool that begins by itself with the selected grids as soon as it is chosen."""

    def start(self, reach: Reach) -> Drag | None:
        """Return the drag to begin with, None where there is nothing to begin with."""
