"""Teamwork in the window: communities handed out and taken in again, and other versions of the project."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFileDialog

from gridplanner.edits.handout_edits import EndLease, HandOut
from gridplanner.errors import GridplannerError
from gridplanner.i18n import _, language
from gridplanner.io.saved import Saved
from gridplanner.io.shared_places import is_shared, place_name
from gridplanner.model.handout import community_keys
from gridplanner.model.leases import Handout
from gridplanner.model.plan_change import plan_change
from gridplanner.model.project import Project
from ui.dialogs.handout_dialog import HandoutDialog
from ui.dialogs.take_in_dialog import lent_words
from ui.lent import community_rows, leases_of, lent_rows
from ui.map.leases import Leases
from ui.map.scene import Showing
from ui.show_changes import ShowChanges
from ui.taking_in import TakingIn, title_of

if TYPE_CHECKING:
    from ui.desk import Desk

PACKAGE = ".gridpack"


class Team(QObject):
    """What can be done with others: every change is one step of the undo list, and nothing of anybody is overwritten unasked."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.taking: TakingIn = TakingIn(desk)
        self.log: ShowChanges = ShowChanges(desk)
        self._marked: Leases | None = None  # communities that the dialog shows on the map
        self._asking: HandoutDialog | None = None
        self._compared: Saved | None = None
        self._package: tuple[Path, Handout | None] | None = None

    def attach(self) -> None:
        """Listen to the parts of the desk, once they are there."""
        desk = self._desk
        self.taking.attach()
        desk.comparing.take_asked.connect(self._take_compared)
        desk.bridge.changed.connect(self._take_change)
        desk.canvas.grid_clicked.connect(self._choose_on_map)
        desk.files.saves.can_merge = True
        desk.files.saves.merge_asked.connect(lambda place, _mark: self.merge_with_place(place))

    def dressed(self, showing: Showing) -> Showing:
        """Return what is shown, with the communities that are handed out and the conflicts to decide."""
        project = showing.project
        conflicts = self.taking.conflicts
        leases = self._marked or leases_of(project.communities, project.handouts, project.scenario, language())
        return dataclasses.replace(showing, leases=leases if conflicts is None else None, conflicts=conflicts)

    @property
    def lent(self) -> dict[int, Handout]:
        """The leases of the communities that are handed out, by their rows."""
        project = self._desk.session.project
        return lent_rows(project.communities, project.handouts, project.scenario)

    @property
    def hint(self) -> str:
        """What is to be done about conflicts; else of the selected grid that its community is handed out; empty where it is not."""
        if self.taking.is_deciding:
            return _("Conflicts: 1 takes mine, 2 theirs, arrows in the list go on; drag to move the map")
        return self.lease_hint

    @property
    def lease_hint(self) -> str:
        """What is to be known of the selected grid: that its community is handed out; empty where it is not."""
        project, grid = self._desk.session.project, self._desk.selection.selected
        known = project.grids.grids.get(grid) if project.grids is not None and grid is not None else None
        handout = self.lent.get(known.community) if known is not None and project.handouts else None
        return self._lease_words(known.community, handout) if known is not None and handout is not None else ""

    @property
    def package(self) -> Handout | None:
        """The lease of the package that is open; None where a project is."""
        path = self._desk.files.path
        if path is None or path.suffix.lower() != PACKAGE:
            return None
        if self._package is None or self._package[0] != path:
            from gridplanner.io.gridpack import handout_of

            try:
                self._package = path, handout_of(path)
            except GridplannerError:
                self._package = path, None
        return self._package[1]

    def named(self, name: str) -> str:
        """Return what the open file is called: of a package also for whom it is and until when."""
        handout = self.package
        if handout is None:
            return name
        names = self._desk.session.project.communities.names.tolist()
        what = str(names[0]) if names else name
        if len(names) > 1:
            what = _("{community} and {n} more").format(community=what, n=len(names) - 1)
        if not handout.until:
            return _("{communities} · package for {whom}").format(communities=what, whom=handout.to)
        return _("{communities} · package for {whom} until {day}").format(communities=what, whom=handout.to, day=handout.until)

    def retranslate(self) -> None:
        """Take up the language in use."""
        self.taking.retranslate()
        if self._asking is not None:
            self._asking.reject()

    # handing out

    def hand_out(self) -> None:
        """Ask which communities go to whom, write the package, and note the lease in the project; the map can be clicked meanwhile."""
        desk, project = self._desk, self._desk.session.project
        if self._asking is not None:
            self._asking.activateWindow()
            return
        chosen = {project.grids.grids[grid].community for grid in desk.selection.chosen} if project.grids is not None else set()
        folder = Path(desk.preferences.folder("package"))
        dialog = HandoutDialog(community_rows(project, self.lent), chosen, project.name, folder, desk.window)
        self._asking = dialog
        dialog.marked.connect(self._mark)
        dialog.finished.connect(lambda _result: self._end_asking())
        dialog.accepted.connect(lambda: self.hand_out_to(dialog.rows, dialog.to.text().strip(), dialog.until.day, dialog.path))
        self._mark(dialog.rows)
        dialog.show()

    def _end_asking(self) -> None:
        self._asking = None
        self._mark(())

    def _choose_on_map(self, grid: int | None) -> None:
        """Choose the community of a grid that was clicked while communities are asked for."""
        plan = self._desk.session.project.grids
        known = plan.grids.get(grid) if plan is not None and grid is not None else None
        if self._asking is not None and known is not None:
            self._asking.toggle(known.community)

    def hand_out_to(self, rows: Sequence[int], to: str, until: str, path: Path) -> None:
        """Write a package of some communities (rows) and note the lease."""
        from gridplanner.io.gridpack import new_handout

        desk, project = self._desk, self._desk.session.project
        if not self._is_free():
            return
        keys = community_keys(project.communities)
        try:
            handout = new_handout(project, desk.files.keeping.mark, [keys[row] for row in rows], to, until)
        except GridplannerError as why:
            desk.files.failed.emit(str(why), "")
            return
        desk.preferences.remember_folder("package", path.parent)

        def written(_handout: Handout) -> str:
            why = desk.do(HandOut(handout))
            text = _("Handed out to {whom}: send them {file}; save the project, so that it knows of it")
            return why or text.format(whom=to, file=path.name)

        desk.jobs.run(_("Writing {file}").format(file=path.name), "ui.team_tasks:hand_out", project, handout, path, then=written)

    def end_lease(self) -> None:
        """End the lease of the selected grid's community: it is worked on here again."""
        grid, plan = self._desk.selection.selected, self._desk.session.project.grids
        known = plan.grids.get(grid) if plan is not None and grid is not None else None
        handout = self.lent.get(known.community) if known is not None else None
        if handout is not None:
            self._desk.do(EndLease(handout.package_id, handout.to))

    def _mark(self, rows: Sequence[int]) -> None:
        """Show communities that are being chosen on the map, beside those that are handed out."""
        project = self._desk.session.project
        told = leases_of(project.communities, project.handouts, project.scenario, language())
        words = dict(zip(told.rows, told.words, strict=True)) if told is not None else {}
        words |= {row: _("to be handed out") for row in rows if row not in words}
        self._marked = Leases(project.communities, tuple(words), tuple(words.values()), tuple(words.values())) if rows else None
        self._desk.show_maps()

    def _take_change(self, before: Project, after: Project) -> None:
        """Say where an edit is in a community that is handed out; it is possible all the same."""
        if self._asking is not None and after.communities is not before.communities:
            self._asking.reject()  # its list is that of another ground
        if not after.handouts or after.handouts is not before.handouts or after.units is None:
            return
        change = plan_change(before, after)
        if change is None or not len(change.units):
            return
        lent = self.lent
        touched = [int(row) for row in np.unique(after.units.community[change.units]) if int(row) in lent]
        if touched:
            words = self._lease_words(touched[0], lent[touched[0]])
            QTimer.singleShot(0, self, lambda: self._say(words))  # the other listeners have their turn first

    def _lease_words(self, row: int, handout: Handout) -> str:
        name = str(self._desk.session.project.communities.names[row])
        words = lent_words(handout.to, handout.until)[0]
        return _("{community}: {lease}. What you change here is compared when it comes back").format(community=name, lease=words)

    def _say(self, words: str) -> None:
        self._desk.jobs.last_words = words
        self._desk.teller.tell_hint()

    # taking in

    def take_in(self, paths: Sequence[Path] | None = None) -> None:
        """Take in packages, asked for where none are given."""
        desk = self._desk
        if paths is None:
            kinds = _("Packages (*.gridpack)")
            names, _kind = QFileDialog.getOpenFileNames(desk.window, _("Take in packages"), desk.preferences.folder("package"), kinds)
            paths = [Path(name) for name in names]
        if paths and self._is_free():
            desk.preferences.remember_folder("package", paths[0].parent)
            self.taking.start(list(paths), title_of(paths))

    def drop(self, paths: Sequence[Path]) -> bool:
        """Take in packages dropped on a window with a project; False where they are something else."""
        packages = bool(paths) and all(path.suffix.lower() == PACKAGE for path in paths)
        if not packages or not self._desk.has_data or self.package is not None:
            return False
        self.take_in(paths)
        return True

    def merge_with(self, base: Saved, theirs: Saved, title: str, then: Callable[[], object] | None = None) -> None:
        """Bring the project together with another version of it; `base` is what both were before.

        What comes is told first, conflicts are decided in the panel and on the map, and all is adopted in one step; only after that `then`
        is called. Where the planner gives up, everything stays as it was.
        """
        from ui.team_tasks import Version

        if self._is_free():
            self.taking.start([Version(title, base.project, theirs.project, theirs.mark.who, None, theirs.changes)], title, then)

    def merge_with_place(self, place: Path) -> None:
        """Bring the project together with what somebody else has saved in its place since it was opened; then it can be saved again."""
        desk, base = self._desk, self._desk.session.saved
        if is_shared(place):  # a database has every version, the one that was opened too
            desk.shared.merge()
            return
        if base is None or not self._is_free():
            return

        def opened(theirs: Saved) -> str:
            title = _("“{file}” as {who} has saved it").format(file=place_name(place), who=theirs.mark.who or _("somebody else"))

            def adopted() -> None:
                desk.session.mark_saved(theirs.project)
                desk.files.keeping.mark, desk.files.keeping.expected = theirs.mark, theirs.mark.save_id  # what the next save replaces
                desk.files.named.emit()

            self.merge_with(Saved(base, desk.files.keeping.mark), theirs, title, adopted)
            return ""

        desk.jobs.run(_("Reading {file}").format(file=place_name(place)), "gridplanner.io.project_places:open_at", place, then=opened)

    # comparing

    def compare_file(self, path: Path | None = None) -> None:
        """Compare with a project file, asked for where none is given; where it is another version of this one it can be taken in."""
        desk = self._desk
        if path is None:
            kinds = _("Projects and packages (*.gridplan *.gridpack)")
            name, _kind = QFileDialog.getOpenFileName(desk.window, _("Compare with a project file"), desk.preferences.folder("open"), kinds)
            if not name:
                return
            path = Path(name)
        if path.suffix.lower() == PACKAGE:
            self.take_in([path])
        elif self._is_free():
            self._open_to_compare(path)

    def _open_to_compare(self, path: Path) -> None:
        desk = self._desk

        def opened(saved: Saved) -> str:
            mine = desk.files.keeping.mark.project_id
            self._compared = saved
            desk.comparing.choose_file(saved.project, path.name, can_take=bool(mine) and saved.mark.project_id == mine)
            return _("Compared with {file}; nothing of it is taken in before you say so").format(file=path.name)

        desk.jobs.run(_("Reading {file}").format(file=path.name), "gridplanner.io.project_places:open_at", path, then=opened)

    def _take_compared(self) -> None:
        """Take in the project that is compared with, by way of the last version that both come from."""
        desk, theirs = self._desk, self._compared
        if theirs is None or not self._is_free():
            return
        title = _("Take in “{file}”").format(file=desk.comparing.file_title)

        def found(base: Saved | None) -> str:
            if base is None:
                return _("No version that both come from is kept on this computer: what differs cannot be told apart, copy grids by hand")
            desk.comparing.stop()
            self.merge_with(base, theirs, title)
            return ""

        here = Saved(desk.session.project, desk.files.keeping.mark, tuple(desk.session.log))
        words = _("Looking for the version that both come from")
        desk.jobs.run(words, "ui.team_tasks:common_version", here, theirs, desk.files.path, then=found)

    def _is_free(self) -> bool:
        if self._desk.jobs.is_busy:
            self._desk.files.failed.emit(_("Something is being computed. Wait for it or cancel it at the bottom, then try again."), "")
        return not self._desk.jobs.is_busy
