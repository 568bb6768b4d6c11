"""What the card at the cursor tells of a checkpoint, a crossing, a route, the railway or a chief's stretch below the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF

from gridplanner.i18n import _
from ui.checkpoint_places import spot_facts
from ui.map.chief_layer import stretch_near
from ui.panels.chiefs_page import charge_of
from ui.patrol_hover import tell_patrol
from ui.rail_hover import tell_rail
from ui.roster_hover import tell_roster

if TYPE_CHECKING:
    from ui.desk import Desk

NEAR = 7.0  # pixels from a stretch within which the pointer means it


def tell_duty(desk: Desk, at: QPoint) -> bool:
    """Show the card of what lies below a pixel of the map; False where that is nothing of these."""
    if at.isNull():  # the pointer left the map
        return False
    if (desk.routes.is_on or desk.rail.is_on) and desk.tool:  # its own card tells what a click does
        desk.card.hide()
        return True
    spot = desk.checkpoints.spot_at(QPointF(at))
    project, view = desk.session.project, desk.canvas.view
    if spot is not None:
        desk.card.show_facts(*spot_facts(project, spot), at)
        return True
    if tell_patrol(desk, at) or tell_rail(desk, at) or tell_roster(desk, at):
        return True
    if project.chiefs is None or "chiefs" in desk.hidden:
        return False
    row = stretch_near(project.chiefs, *view.point_to_world(at.x(), at.y()), NEAR / view.scale)
    charge = charge_of(project, row) if row >= 0 else None
    if charge is None:
        return False
    facts = [
        (_("Road"), charge.streets, ""),
        (_("Chief"), charge.chief or "–", "" if charge.chief else "bad"),
        (_("Length"), f"{charge.metres / 1000:,.2f} km", ""),
        (_("Grids on the left"), charge.left or "–", ""),
        (_("Grids on the right"), charge.right or "–", ""),
    ]
    desk.card.show_facts(_("Stretch {code}").format(code=charge.code), "", facts, at)
    return True
