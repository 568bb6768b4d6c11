"""What the colours and signs of the railway mean on the map: squads, what stands at the line, and households of the corridor."""

from __future__ import annotations

import itertools

import numpy as np
from PySide6.QtGui import QColor

from gridplanner.i18n import _
from gridplanner.model.rail import RailPlan
from gridplanner.model.rail_near import systems_of
from ui.map.corridor_layer import STRENGTH, corridor_classes, corridor_limits
from ui.map.rail_signs import BASE, CHAIN, GATE, SIGN_WORDS
from ui.map.rail_strokes import segments_shown, shade, squad_colour
from ui.map.scene import Showing
from ui.map.themes import Entry
from ui.styles import Theme

LISTED = 8  # squads that have a line each


def rail_entries(showing: Showing) -> tuple[Entry, ...]:
    """Return the lines of the legend, none where nothing of the railway is shown."""
    plan, look, hidden = showing.project.rail, showing.theme, showing.hidden
    if plan is None or not plan.segments:
        return ()
    squads = _squad_entries(plan, showing.rail_choice, look) if "guards" not in hidden else ()
    signs = _sign_entries(plan, look) if "chainage" not in hidden else ()
    corridor = _corridor_entries(plan, look) if "corridor" not in hidden else ()
    return (*squads, *signs, *corridor)


def _squad_entries(plan: RailPlan, choice: str, look: Theme) -> tuple[Entry, ...]:
    segments = [plan.segments[row] for row in segments_shown(plan, choice)]
    squads = sorted({segment.squad for segment in segments})
    if len(squads) > LISTED:
        found = [Entry("line", look.text, _("Each squad in its colour"))]
    else:
        found = [Entry("line", squad_colour(squad, look).name(), _("Squad {n}").format(n=squad)) for squad in squads]
    if any(segment.locked for segment in segments):
        found.append(Entry("lock", look.text, _("Locked")))
    return tuple(found)


def _sign_entries(plan: RailPlan, look: Theme) -> tuple[Entry, ...]:
    broken = any(system.breaks for line in plan.lines for system in systems_of(line)[:1])
    there = ((BASE, len(plan.bases) > 0), (GATE, len(plan.gates) > 0), (CHAIN, broken))
    return tuple(Entry(f"rail:{kind}", look.text, _(SIGN_WORDS[kind])) for kind, is_there in there if is_there)


def _corridor_entries(plan: RailPlan, look: Theme) -> tuple[Entry, ...]:
    """Return a line for each class of households that some corridor is of."""
    if not plan.corridor.households.any():
        return ()
    edges, words = (1, *corridor_limits(plan.corridor)), list[str]()
    for low, high in itertools.pairwise(edges):
        words.append(_("{low}–{high} households").format(low=f"{low:,}", high=f"{high - 1:,}"))
    words.append(_("from {n} households").format(n=f"{edges[-1]:,}"))
    colours = [shade(QColor(name), look, STRENGTH[look.name]).name() for name in corridor_classes(look)]
    lived_in = plan.corridor.households[plan.corridor.households > 0]
    there = np.unique(np.searchsorted(edges[1:], lived_in, side="right")).tolist()
    return tuple(Entry("fill", colours[at], words[at]) for at in there)
