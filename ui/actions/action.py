"""What an action is, and what decides whether it is possible at the moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gridplanner.i18n import _

if TYPE_CHECKING:
    from ui.desk import Desk


@dataclass(frozen=True)
class Moment:
    """What decides which actions are possible, and which are switched on."""

    ready: bool = False
    busy: bool = False
    can_finish: bool = False
    has_data: bool = False
    has_communities: bool = False
    has_units: bool = False
    has_grids: bool = False
    has_railway: bool = False
    has_roads: bool = False
    has_rating: bool = False
    has_routes: bool = False
    undo: str | None = None
    redo: str | None = None
    chosen: int = 0
    locked: bool = False
    exclusive: bool = False
    kept: bool = False
    any_locked: bool = False
    tool: str = ""
    source: str = "any"
    hidden: frozenset[str] = frozenset()
    show_units: bool = False
    scenario: str = ""
    scenarios: int = 1
    is_master: bool = False
    comparing: bool = False
    map_theme: str = "grid"
    map_themes: frozenset[str] = frozenset()
    has_basemap: bool = False
    second_map: bool = False
    groups: str = ""
    groups_chosen: int = 0
    language: str = "en"
    theme: str = ""
    at_patrol: bool = False
    at_patrol_step: bool = False
    route_chosen: bool = False
    route_stop: bool = False
    can_roster: bool = False
    has_roster: bool = False
    at_rail: bool = False
    segment_chosen: bool = False
    lent: bool = False


@dataclass(frozen=True)
class Action:
    """One thing to do. `text` is a msgid; `words` makes the text where it depends on the moment.

    `under` is the title (a msgid) of the submenu that it stands in, empty where it stands in the menu itself. `here` says whether it is
    shown at all: what belongs to one step is not seen at the others.
    """

    id: str
    menu: str
    text: str
    run: Callable[[Desk], object]
    shortcut: str = ""
    enabled: Callable[[Moment], bool] = lambda moment: moment.ready
    checked: Callable[[Moment], bool] | None = None
    words: Callable[[Moment], str] | None = None
    in_bar: bool = False
    under: str = ""
    here: Callable[[Moment], bool] = lambda moment: True  # noqa: ARG005

    def label(self, moment: Moment) -> str:
        """The text in the language in use."""
        return self.words(moment) if self.words is not None else _(self.text)


Row = Action | None
SEPARATOR: Row = None


def idle(moment: Moment) -> bool:
    """True where a project can be worked on and nothing is being computed."""
    return moment.ready and not moment.busy
