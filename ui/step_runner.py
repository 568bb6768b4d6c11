"""Runs the steps of the work: what each one's button does, with which settings, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gridplanner.edits.computed import Computed
from gridplanner.edits.edit import Replace
from gridplanner.edits.patrol_edits import UnpickStreet
from gridplanner.edits.settings_edits import ChangeSettings
from gridplanner.edits.several import Several
from gridplanner.i18n import _
from gridplanner.model.project import Project
from gridplanner.settings import GridSettings, RosterSettings
from ui.dialogs.settings_dialog import SettingsDialog
from ui.dialogs.step_settings import DEFAULTS, StepSettings, StepSettingsDialog, indicator_names
from ui.facts import settings_of
from ui.fit import fit_of
from ui.latest import Latest
from ui.patrol_figures import result_words
from ui.rail_figures import rail_words
from ui.roster_words import roster_words
from ui.steps import SECTIONS, State, step_of

if TYPE_CHECKING:
    from ui.desk import Desk

REPLACING = ("units", "grids")  # steps that put other grids in the place of those that there are


class StepRunner:
    """Gives the steps of one desk to its worker."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._fits: Latest | None = None

    def close(self) -> None:
        """End the thread that says what sizes allow."""
        if self._fits is not None:
            self._fits.close()

    def run_step(self, name: str) -> None:
        """Do what a step's button says."""
        if name == "data":
            self._desk.files.import_data()
        elif name == "check":
            self._desk.side.open_tab("issues")
        elif name == "export":
            self._desk.files.export()
        elif name == "rating":
            self._desk.rating.open()
        elif name in REPLACING:
            self._desk.scenarios.before_replacing(lambda: self._run(name))
        else:
            self._run(name)

    def _run(self, name: str) -> None:
        self._propose(_(step_of(name).title), self._with_earlier(name), show=name)

    def run_all(self) -> None:
        """Run every step that the settings and the data ask for."""
        self._desk.scenarios.before_replacing(self._run_all)

    def _run_all(self) -> None:
        project = self._desk.session.project
        names = ["units", "grids"] if len(project.communities) and len(project.households) else []
        patrol = len(project.roads) > 0 and (project.settings.patrol is not None or len(project.depots) > 0)
        names += ["beats"] if project.settings.beats is not None else []
        names += ["zones"] if project.settings.zones is not None or patrol else []
        names += [step for step in ("checkpoints", "rings", "chiefs") if getattr(project.settings, SECTIONS[step]) is not None]
        names += ["patrol"] if patrol else []
        names += ["rail"] if project.settings.rail is not None and len(project.railway) else []
        names += ["roster"] if project.settings.roster is not None else []
        if names:
            words = _("Every step") if len(names) > 3 else " + ".join(_(step_of(name).title) for name in names)
            self._propose(words, names, show="grids" if "grids" in names else names[-1])

    def change_settings(self) -> None:
        """Ask for the settings of the step that is open: for most steps the size of grids."""
        step, project = self._desk.window.steps.step, self._desk.session.project
        of_step = settings_of(project, step.id)
        dialog: SettingsDialog | StepSettingsDialog
        if of_step is None:
            section, dialog = "grids", SettingsDialog(project, self._fit_answers(), self._desk.window)
        else:
            names = indicator_names(project) if step.id == "rating" else ()
            roads, picks = (project.roads.names.tolist(), len(project.picks)) if step.id == "patrol" else ((), 0)
            section, dialog = SECTIONS[step.id], StepSettingsDialog(_(step.title), of_step, self._desk.window, names, roads, picks)

        def apply() -> None:
            if dialog.settings != getattr(self._desk.session.project.settings, section):
                self._desk.do(ChangeSettings(section, dialog.settings))
            if isinstance(dialog, StepSettingsDialog) and dialog.clear_picks:
                picked = self._desk.session.project.picks
                self._desk.do(Several(_("Clear the streets picked on the map"), tuple(UnpickStreet(pick.x, pick.y) for pick in picked)))

        dialog.accepted.connect(apply)
        dialog.open()

    def _propose(self, words: str, names: Sequence[str], show: str) -> None:
        for name in names:
            section = SECTIONS.get(name, name)
            if name != "units" and getattr(self._desk.session.project.settings, section) is None:
                self._desk.do(ChangeSettings(section, _usual(self._desk.session.project, name)))
        project = self._desk.session.project
        self._desk.window.steps.choose(show)

        def take(edits: Sequence[Replace]) -> str:
            return self._take_edits(edits, project) or _said(self._desk.session.project, names[-1])

        self._desk.jobs.run(words, "ui.tasks:propose", project, list(names), then=take, can_finish=True)

    def _with_earlier(self, name: str) -> list[str]:
        """Return a step with those before it that are missing or out of date."""
        zones = self._desk.session.project.settings.zones
        chain = {"grids": ["units"], "patrol": ["zones"]}.get(name, [])
        if name == "zones" and zones is not None and zones.units == "beats":
            chain = ["beats"]
        needed = [
            part
            for part in chain
            if getattr(self._desk.session.project, part) is None or self._desk.derived.states.get(part) is State.STALE
        ]
        return [*needed, name]

    def _take_edits(self, edits: Sequence[Replace], begun: Project) -> str:
        """Apply what was computed one after another, as far as nothing else came before; return why not all of it, empty where it was."""
        refused = []
        for edit in edits:
            refused.append(self._desk.do(Computed(edit, begun)))
            begun = edit.apply(begun)
        return next(filter(None, refused), "")

    def _fit_answers(self) -> Latest:
        """Return the thread that says what sizes allow, started when it is first wanted."""
        if self._fits is None:
            self._fits = Latest(fit_of, "fit", self._desk)
        return self._fits


def _usual(project: Project, name: str) -> GridSettings | StepSettings:
    """Return the settings of a step that has none: a roster is for whom there is a plan."""
    if name == "roster" and project.rail is None and project.patrol is not None:
        return RosterSettings(group="patrol", per="zone")
    return GridSettings() if name == "grids" else DEFAULTS[name]()


def _said(project: Project, name: str) -> str:
    """Return what came of a step, in words, empty for steps that say nothing of their own."""
    words = {"patrol": result_words, "rail": rail_words, "roster": roster_words}
    return words[name](project) if name in words else ""
