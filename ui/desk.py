"""The desk: one session, its worker, and what the parts of the window tell each other.

Imported after the window shows, because it brings numpy and the model with it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QMessageBox

from gridplanner import __version__
from gridplanner.edits.edit import Edit
from gridplanner.errors import EditRejected
from gridplanner.i18n import _, language
from gridplanner.model.issues import Issue
from gridplanner.model.project import Project
from gridplanner.session import Session
from ui import styles
from ui.checkpoint_hand import CheckpointHand
from ui.comparing import Comparing
from ui.derived import Derived, derive, derived_after
from ui.dialogs.help_dialog import HelpDialog
from ui.dialogs.proof_dialog import ProofDialog
from ui.duty_hover import tell_duty
from ui.error_box import show_error
from ui.facts import settings_facts
from ui.finder import Finder
from ui.grid_hand import GridHand
from ui.group_hand import GroupHand
from ui.jobs import Jobs
from ui.latest import Latest
from ui.map.canvas import Canvas
from ui.map.scene import Showing
from ui.map.tools.assign import Assign
from ui.map.tools.drawing import DRAWING
from ui.map.tools.even_out import EvenOut
from ui.map.tools.keep import Keep
from ui.map.tools.merge import Merge
from ui.map.tools.push_border import PushBorder
from ui.map.tools.tool import Tool
from ui.map_choice import MapChoice
from ui.moment import moment_of
from ui.panels.hover_card import HoverCard
from ui.panels.side_panel import SidePanel
from ui.patrol_show import PatrolShow
from ui.project_files import ProjectFiles
from ui.rail_hand import RailHand
from ui.rating_hand import RatingHand
from ui.replanning import Replanning
from ui.resolving import Resolving
from ui.roster_hand import RosterHand
from ui.roster_output import RosterOutput
from ui.roster_show import RosterShow
from ui.route_hand import RouteHand
from ui.route_output import RouteOutput
from ui.scenarios import Scenarios
from ui.selection import Selection
from ui.session_bridge import SessionBridge
from ui.shared import Shared
from ui.step_runner import StepRunner
from ui.table_hand import TableHand
from ui.team import Team
from ui.teller import Teller
from ui.worker import Worker

if TYPE_CHECKING:
    from ui.main_window import MainWindow

TOOLS: dict[str, Callable[[], Tool]] = {"assign": Assign, "push": PushBorder, "merge": Merge, "even": EvenOut, "keep": Keep, **DRAWING}


class Desk(QObject):
    """Everything that a window with a project in it can do."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window: MainWindow = window
        self.preferences = window.preferences
        self.session: Session = Session(Project())
        self.worker = Worker(self)
        self.jobs: Jobs = Jobs(self.worker, self)
        self.files: ProjectFiles = ProjectFiles(self.session, self.jobs, self.preferences, window, keeps=window.keeps)
        self.bridge = SessionBridge(self.session, self)  # after the journal: an edit is kept before it is shown
        self.selection = Selection(self)
        self.hand: GridHand = GridHand(self)
        self.groups: GroupHand = GroupHand(self)
        self.replanning: Replanning = Replanning(self)
        self.resolving: Resolving = Resolving(self)
        self.scenarios: Scenarios = Scenarios(self)
        self.comparing: Comparing = Comparing(self)
        self.team: Team = Team(self)
        self.shared: Shared = Shared(self)
        self.rating: RatingHand = RatingHand(self)
        self.patrol: PatrolShow = PatrolShow(self)
        self.output: RouteOutput = RouteOutput(self)
        self.routes: RouteHand = RouteHand(self)
        self.rail: RailHand = RailHand(self)
        self.roster: RosterShow = RosterShow(self)
        self.duties: RosterHand = RosterHand(self)
        self.rosters: RosterOutput = RosterOutput(self)
        self.tool = ""
        self.maps: MapChoice = MapChoice(self)
        self.hidden = self.maps.hidden_at(window.steps.step.id)
        self.show_units = False
        self.derived = Derived(self.session.project)
        self.canvas: Canvas = Canvas(self._showing())
        self.side: SidePanel = SidePanel()
        self.card = HoverCard(self.canvas)
        self._latest = Latest(derive, "figures", self)
        self.runner: StepRunner = StepRunner(self)
        self.teller = Teller(self)
        self.finder: Finder = Finder(self)
        self.tables: TableHand = TableHand(self)
        self.checkpoints: CheckpointHand = CheckpointHand(self, self.side.checkpoints)
        self._connect()

    @property
    def has_data(self) -> bool:
        """True where there is something to show."""
        project = self.session.project
        return bool(project.provenance) or project.units is not None or len(project.households) > 0

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open what the program was started with."""
        if paths:
            self.files.drop(paths)

    # what actions do

    def do(self, edit: Edit) -> str:
        """Apply an edit, or say why not; return why, empty where it was done."""
        try:
            self.session.do(edit)
        except EditRejected as why:
            self.window.status.say(str(why))
            return str(why)
        return ""

    def select(self, grid: int | None) -> None:
        """Select one grid on the map and in the table, or none."""
        self.canvas.mark(None)
        self.selection.take(() if grid is None else (grid,))

    def show_proof(self) -> None:
        """Show what is proven of each community's plan."""
        ProofDialog(self.session.project, self.window, self.derived.hand).open()

    def use_tool(self, name: str) -> None:
        """Let the left button do something else: a key of TOOLS; with an empty name it selects grids and moves the map."""
        if {"keep", "stay", "cut"} & {name, self.tool}:  # a tool for units shows them
            self.show_units = name in {"keep", "stay", "cut"} or self.window.steps.step.id == "units"
        self.tool = name
        made = self.groups.tool(name) or self.routes.tool(name) or self.rail.tool(name) or TOOLS.get(name)
        self.canvas.use_tool(made() if made is not None else None)
        self.jobs.last_words = ""
        self._show()

    def toggle_layer(self, name: str) -> None:
        """Show or hide a layer."""
        self.hidden = self.maps.toggle(self.hidden, name)
        self._show()

    def show_maps(self) -> None:
        """Show what was chosen for the maps."""
        self._show()

    def toggle_units(self) -> None:
        """Show or hide the borders between units."""
        self.show_units = not self.show_units
        self._show()

    def use_language(self, code: str) -> None:
        """Speak another language from now on."""
        self.jobs.last_words = ""  # said in the language before
        self.window.use_language(code)
        self._retell()

    def use_theme(self, name: str) -> None:
        """Look different from now on."""
        self.window.use_theme(name)
        self._retell()

    def show_help(self) -> None:
        """Show the keys."""
        HelpDialog(self.window).open()

    def show_support(self) -> None:
        """Show what a support bundle holds, and let it be saved."""
        from ui.dialogs.support_dialog import support_dialog  # not before it is needed

        support_dialog(self).open()

    def show_about(self) -> None:
        """Say what this is."""
        words = _("Gridplanner {version}: grids, patrols and rail guards on the map").format(version=__version__)
        QMessageBox.about(self.window, _("About"), words)

    def close(self) -> None:
        """End the threads and the worker."""
        self._latest.close()
        self.runner.close()
        self.finder.close()
        self.tables.close()
        self.rating.close()
        self.patrol.close()
        self.output.close()
        self.routes.close()
        self.rail.close()
        self.rosters.close()
        self.side.cross.close_thread()
        self.maps.close()
        self.teller.place.close()
        self.comparing.close()
        self.canvas.close_threads()
        self.shared.close()
        self.files.close()
        self.worker.close()

    # what the parts tell

    def _connect(self) -> None:
        window = self.window
        self.maps.attach()
        self.comparing.attach()
        self.team.attach()
        self.shared.attach()
        self.rating.attach()
        self.patrol.attach()
        self.routes.attach()
        self.rail.attach()
        self.roster.attach()
        self.duties.attach()
        self.rosters.attach()
        self.groups.attach()
        self.bridge.changed.connect(self._take_change)
        self._latest.answered.connect(self._take_derived)
        for source in (self._latest.failed, self.canvas.failed, self.side.cross.failed):
            source.connect(lambda details: show_error(window, _("Something could not be shown; the project is as it was."), details))
        self.jobs.changed.connect(self.tell_moment)
        self.jobs.failed.connect(lambda text, details: show_error(window, text, details))
        self.files.failed.connect(lambda text, details: show_error(window, text, details))
        self.files.arrived.connect(lambda: self._begin("grids"))
        self.files.emptied.connect(lambda: self._begin("data"))
        self.canvas.hovered.connect(self._tell_hover)
        self.canvas.grid_clicked.connect(self.groups.take_click)
        self.canvas.grid_added.connect(self.selection.take_beside)
        self.canvas.grids_taken.connect(self.selection.take)
        self.canvas.grid_opened.connect(lambda grid: self.groups.zoom() if self.groups.kind else self.hand.select_and_zoom(grid))
        self.canvas.hinted.connect(self.teller.tell_hint)
        self.canvas.menu_asked.connect(self._open_menu)
        self.canvas.edit_made.connect(self.do)
        self.side.grids_chosen.connect(self.hand.take_chosen)
        self.side.cross.grid_chosen.connect(lambda grid: self.hand.take_chosen((grid,)))
        self.side.menu_asked.connect(self.hand.open_menu)
        self.selection.changed.connect(self._take_selection)
        self.side.proof_asked.connect(self.show_proof)
        self.side.moves.address_chosen.connect(self._go_to_address)
        self.side.issues.issue_chosen.connect(self._go_to)
        self.side.issues.repair_switched.connect(self.files.switch_repair)
        self.side.rings.place_chosen.connect(self.canvas.point_at)
        self.side.chiefs.lines_chosen.connect(self.canvas.point_along)
        self.side.history.step_chosen.connect(self.session.travel)
        window.steps.run_asked.connect(self.runner.run_step)
        window.steps.chosen.connect(self._take_step)
        window.steps.settings_asked.connect(self.runner.change_settings)
        window.steps.replan_asked.connect(self.replanning.ask)
        QTimer.singleShot(400, self.worker.start)  # after the first picture
        QTimer.singleShot(0, self.tell_moment)

    def _take_change(self, _before: Project, after: Project) -> None:
        self.selection.keep(after.grids.grids if after.grids is not None else ())
        self.groups.keep()
        self.jobs.last_words = ""
        self.canvas.mark(None)
        if (derived := derived_after(self.derived, after)) is not None:
            self._show_derived(derived)
        self.window.show_map(self.has_data)
        self.side.history.show_history(self.session.history, self.session.earlier)
        self.teller.tell_name()
        self._show()  # last, as the threads that are woken take turns with this one
        self._latest.ask(derived or after)

    def _take_derived(self, derived: Derived) -> None:
        if derived.project is self.session.project:
            self._show_derived(derived)
            self.tell_moment()

    def _show_derived(self, derived: Derived) -> None:
        self.derived = derived
        self.side.show_derived(derived, self.selection.chosen)
        self.groups.tell()
        self.window.steps.tell(derived.project, derived.states)
        self._tell_settings()

    def _take_selection(self) -> None:
        self.jobs.last_words = ""
        self.side.table.select_grids(self.selection.chosen)
        self.groups.tell()
        self._show()

    def _begin(self, step_id: str) -> None:
        """Show all of what has come with nothing chosen, and lead on to a step."""
        self.selection.keep(())
        self.use_tool("")
        self.canvas.fit()
        self.window.steps.choose(step_id)

    def _take_step(self, step_id: str) -> None:
        self.groups.take_step(step_id)
        self.jobs.last_words = ""  # what was said of another step
        self.hidden = self.maps.hidden_at(step_id)
        self.show_units = step_id == "units"
        if self.tool and not self.window.action_set.is_possible(self.tool, moment_of(self)):
            self.use_tool("")
        self._tell_settings()
        self._show()

    def _go_to_address(self, row: int) -> None:
        self.canvas.point_at(*self.session.project.households.xy[row].tolist())

    def _go_to(self, issue: Issue) -> None:
        if issue.x is not None and issue.y is not None:
            self.canvas.point_at(issue.x, issue.y)

    # what is shown

    def _tell_settings(self) -> None:
        if self.derived.states:
            self.window.steps.show_facts(settings_facts(self.derived.project, self.window.steps.step.id))

    def _showing(self) -> Showing:
        chosen = self.selection
        given = (self.session.project, styles.theme(), language(), chosen.selected, self.hidden, self.show_units, chosen.others)
        showing = dataclasses.replace(Showing(*given), groups=self.groups.kind, chosen_groups=self.groups.chosen)
        for part in (self.rating, self.patrol, self.rail, self.roster, self.maps, self.comparing, self.team):
            showing = part.dressed(showing)
        return showing

    def _show(self) -> None:
        showing = self._showing()
        self.canvas.show_project(showing)
        self.maps.show(showing)
        self.patrol.tell()
        self.routes.tell()
        self.rail.tell()
        self.tell_moment()

    def _retell(self) -> None:
        """Say and paint everything anew, in another language or look."""
        self.side.retranslate()
        self.routes.retranslate()
        self.maps.retranslate()
        self.team.retranslate()
        self.shared.retranslate()
        self.side.history.show_history(self.session.history, self.session.earlier)
        self._tell_settings()
        self._show()
        self.teller.tell_all()

    def tell_moment(self) -> None:
        """Enable, check and name the actions for what there is now."""
        self.window.action_set.update(moment_of(self))
        self.teller.tell_hint()

    def _open_menu(self, grid: int | None, at: QPoint) -> None:
        if self.checkpoints.open_menu_at(at) or self.routes.open_menu_at(at) or self.rail.open_menu_at(at):
            return
        if self.groups.kind:
            self.groups.open_menu_here(at)
        else:
            self.hand.open_menu_of(grid, at)

    def _tell_hover(self, grid: int, at: QPoint) -> None:
        if tell_duty(self, at):
            return
        if grid < 0:
            self.card.hide()
        else:
            self.card.show_grid(self.derived, grid, at)
