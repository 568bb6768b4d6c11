"""The planner's hand on checkpoints: cordons drawn, places marked as existing or forbidden, and what lies below the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtWidgets import QMenu

from gridplanner.edits.checkpoint_edits import MarkSite
from gridplanner.i18n import N_, _
from ui.checkpoint_places import Spot, spots_of
from ui.panels.checkpoints_page import CheckpointsPage

if TYPE_CHECKING:
    from ui.desk import Desk

NEAR = 11.0  # pixels from a place within which the pointer means it
STEP = LAYER = "checkpoints"
MARKS = (("existing", N_("A checkpoint stands here")), ("forbidden", N_("No checkpoint may stand here")), ("", N_("Take the mark away")))


class CheckpointHand(QObject):
    """Joins the page of checkpoints and the map of a desk to its session."""

    def __init__(self, desk: Desk, page: CheckpointsPage) -> None:
        super().__init__(desk)
        self._desk = desk
        self._page = page
        page.place_chosen.connect(desk.canvas.point_at)
        page.bounds_chosen.connect(desk.canvas.zoom_to)
        page.edit_made.connect(self._change)
        page.menu_asked.connect(self.open_menu)
        page.draw_asked.connect(self.draw)
        desk.canvas.edit_made.connect(lambda _edit: self._put_back())

    def draw(self) -> None:
        """Take the tool in hand that draws a cordon, and show where cordons are."""
        steps = self._desk.window.steps
        if steps.step.id != STEP:
            steps.choose(STEP)
        self._desk.use_tool("" if self._desk.tool == "cordon" else "cordon")

    def spot_at(self, place: QPointF) -> Spot | None:
        """Return the checkpoint or crossing at a pixel of the map, None where there is none or they are hidden."""
        desk = self._desk
        if LAYER in desk.hidden:
            return None
        view = desk.canvas.view
        return spots_of(desk.session.project).near(*view.point_to_world(place.x(), place.y()), NEAR / view.scale)

    def open_menu_at(self, at: QPoint) -> bool:
        """Open the menu of the place at a point of the screen; False where there is none."""
        spot = self.spot_at(QPointF(self._desk.canvas.mapFromGlobal(at)))
        if spot is not None:
            self.open_menu(spot, at)
        return spot is not None

    def open_menu(self, spot: Spot, at: QPoint) -> None:
        """Open the menu of a place at a point of the screen."""
        menu = QMenu(self._desk.window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sites = self._desk.session.project.checkpoint_sites
        now = str(sites.kinds[spot.site]) if spot.site >= 0 else ""
        for kind, words in MARKS:
            action = menu.addAction(_(words))
            if kind:
                action.setCheckable(True)
                action.setChecked(kind == now)
            action.setEnabled(kind != now)
            action.triggered.connect(lambda _checked=False, to=kind: self.mark(spot, to))
        menu.addSeparator()
        menu.addAction(_("Show the place closer")).triggered.connect(lambda: self._desk.canvas.point_at(spot.x, spot.y))
        self._desk.card.hide()
        menu.popup(at)

    def mark(self, spot: Spot, kind: str) -> None:
        """Mark a place as existing or forbidden, or take its mark away (an empty kind)."""
        self._desk.do(MarkSite(spot.x, spot.y, kind))

    def _change(self, edit: object) -> None:
        """Do an edit of the page; where it is refused the page shows again what there is."""
        if self._desk.do(edit):  # type: ignore[arg-type]
            self._page.show_cordon(self._page.current)

    def _put_back(self) -> None:
        """Put the tool back once its cordon is drawn, when the click that ended it is over."""
        if self._desk.tool == "cordon":
            QTimer.singleShot(0, lambda: self._desk.use_tool("") if self._desk.tool == "cordon" else None)
