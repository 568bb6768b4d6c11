"""One table of everything that can be done: menus, bar, shortcuts and the help page are made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gridplanner.i18n import N_, _

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
    undo: str | None = None
    redo: str | None = None
    chosen: int = 0
    locked: bool = False
    exclusive: bool = False
    kept: bool = False
    any_locked: bool = False
    tool: str = ""
    hidden: frozenset[str] = frozenset()
    show_units: bool = False
    language: str = "en"
    theme: str = ""


@dataclass(frozen=True)
class Action:
    """One thing to do. `text` is a msgid; `words` makes the text where it depends on the moment."""

    id: str
    menu: str
    text: str
    run: Callable[[Desk], object]
    shortcut: str = ""
    enabled: Callable[[Moment], bool] = lambda moment: moment.ready
    checked: Callable[[Moment], bool] | None = None
    words: Callable[[Moment], str] | None = None
    in_bar: bool = False

    def label(self, moment: Moment) -> str:
        """The text in the language in use."""
        return self.words(moment) if self.words is not None else _(self.text)


MENUS = {"file": N_("File"), "edit": N_("Edit"), "plan": N_("Plan"), "grid": N_("Grids"), "view": N_("View"), "help": N_("Help")}
SEPARATOR = None


def _idle(moment: Moment) -> bool:
    return moment.ready and not moment.busy


def _can_divide(moment: Moment) -> bool:
    return _idle(moment) and moment.has_communities


def _can_replan(moment: Moment) -> bool:
    return _idle(moment) and moment.has_grids


def _has_chosen(moment: Moment) -> bool:
    return _idle(moment) and moment.chosen > 0


def _lock_words(moment: Moment) -> str:
    return _("Unlock") if moment.locked else _("Lock")


def _exclusive_words(moment: Moment) -> str:
    return _("No longer exclusive") if moment.exclusive else _("Make exclusive")


def _keep_words(moment: Moment) -> str:
    return _("Release what is kept together") if moment.kept else _("Keep units together")


def _undo_words(moment: Moment) -> str:
    return _("Undo “{words}”").format(words=moment.undo) if moment.undo else _("Undo")


def _redo_words(moment: Moment) -> str:
    return _("Redo “{words}”").format(words=moment.redo) if moment.redo else _("Redo")


def _layer(name: str, text: str) -> Action:
    return Action(
        f"layer-{name}", "view", text, lambda desk: desk.toggle_layer(name), "", lambda m: m.has_data, lambda m: name not in m.hidden
    )  # fmt: skip


def _language(code: str, name: str) -> Action:
    return Action(f"language-{code}", "view", name, lambda desk: desk.use_language(code), checked=lambda m: m.language == code)


def _theme(name: str, text: str) -> Action:
    return Action(f"theme-{name or 'system'}", "view", text, lambda desk: desk.use_theme(name), checked=lambda m: m.theme == name)


ACTIONS: tuple[Action | None, ...] = (
    Action("new", "file", N_("New project"), lambda desk: desk.files.start_anew(), "Ctrl+N", lambda m: _idle(m) and m.has_data),
    Action("open", "file", N_("Open project"), lambda desk: desk.files.open(), "Ctrl+O", _idle),
    Action("import", "file", N_("Import data"), lambda desk: desk.files.import_data(), "Ctrl+I", _idle),
    Action("sample", "file", N_("Sample town"), lambda desk: desk.files.open_sample(), "", _idle),
    SEPARATOR,
    Action("save", "file", N_("Save"), lambda desk: desk.files.save(), "Ctrl+S", lambda m: _idle(m) and m.has_data),
    Action("save-as", "file", N_("Save as"), lambda desk: desk.files.save_as(), "Ctrl+Shift+S", lambda m: _idle(m) and m.has_data),
    Action("export", "file", N_("Export layers"), lambda desk: desk.files.export(), "Ctrl+E", lambda m: _idle(m) and m.has_data),
    SEPARATOR,
    Action("quit", "file", N_("Quit"), lambda desk: desk.window.close(), "Ctrl+Q", lambda _m: True),
    Action("select", "edit", N_("Select"), lambda desk: desk.use_tool(""), "S", lambda m: m.has_data, lambda m: not m.tool, in_bar=True),
    Action(
        "assign",
        "edit",
        N_("Assign"),
        lambda desk: desk.use_tool("assign"),
        "A",
        lambda m: m.has_grids,
        lambda m: m.tool == "assign",
        in_bar=True,
    ),
    Action(
        "keep",
        "edit",
        N_("Keep together"),
        lambda desk: desk.use_tool("keep"),
        "K",
        lambda m: m.has_units,
        lambda m: m.tool == "keep",
        in_bar=True,
    ),
    SEPARATOR,
    Action("undo", "edit", N_("Undo"), lambda desk: desk.session.undo(), "Ctrl+Z", lambda m: bool(m.undo), words=_undo_words, in_bar=True),
    Action("redo", "edit", N_("Redo"), lambda desk: desk.session.redo(), "Ctrl+Y", lambda m: bool(m.redo), words=_redo_words, in_bar=True),
    SEPARATOR,
    Action("settings", "edit", N_("Plan settings"), lambda desk: desk.change_settings(), "Ctrl+,", _idle),
    Action("units", "plan", N_("Cut basic units"), lambda desk: desk.run_step("units"), "", _can_divide),
    Action("grids", "plan", N_("Partition into grids"), lambda desk: desk.run_step("grids"), "F5", _can_divide),
    Action("replan", "plan", N_("Re-plan with little disturbance"), lambda desk: desk.replanning.ask(), "F6", _can_replan),
    Action("zones", "plan", N_("Group into patrol zones"), lambda desk: desk.run_step("zones"), "", lambda m: _idle(m) and m.has_grids),
    Action("patrol", "plan", N_("Plan patrol routes"), lambda desk: desk.run_step("patrol"), "", lambda m: _idle(m) and m.has_roads),
    Action("rail", "plan", N_("Divide the line"), lambda desk: desk.run_step("rail"), "", lambda m: _idle(m) and m.has_railway),
    SEPARATOR,
    Action("all", "plan", N_("Run every step"), lambda desk: desk.run_all(), "Shift+F5", lambda m: _idle(m) and m.has_data),
    SEPARATOR,
    Action("finish", "plan", N_("Finish now with the best so far"), lambda desk: desk.jobs.finish(), "", lambda m: m.busy and m.can_finish),
    Action("cancel", "plan", N_("Cancel the computation"), lambda desk: desk.jobs.cancel(), "", lambda m: m.busy),
    Action("lock", "grid", N_("Lock"), lambda desk: desk.hand.lock(), "L", _has_chosen, words=_lock_words),
    Action("unlock-all", "grid", N_("Unlock every grid"), lambda desk: desk.hand.unlock_all(), "Shift+L", lambda m: m.any_locked),
    Action("exclusive", "grid", N_("Make exclusive"), lambda desk: desk.hand.make_exclusive(), "", _has_chosen, words=_exclusive_words),
    Action("keep-grid", "grid", N_("Keep units together"), lambda desk: desk.hand.keep_together(), "", _has_chosen, words=_keep_words),
    SEPARATOR,
    Action("zoom-grid", "grid", N_("Show the grid closer"), lambda desk: desk.hand.zoom_to_chosen(), "Z", lambda m: m.chosen > 0),
    Action("proof", "grid", N_("Proof by community"), lambda desk: desk.show_proof(), "", lambda m: m.has_grids),
    Action("fit", "view", N_("Show everything"), lambda desk: desk.canvas.fit(), "F", lambda m: m.has_data),
    Action("closer", "view", N_("Zoom in"), lambda desk: desk.canvas.zoom(1.5), "+", lambda m: m.has_data),
    Action("farther", "view", N_("Zoom out"), lambda desk: desk.canvas.zoom(1 / 1.5), "-", lambda m: m.has_data),
    SEPARATOR,
    _layer("grids", N_("Grids")),
    _layer("roads", N_("Streets")),
    _layer("addresses", N_("Addresses")),
    _layer("rail", N_("Railway lines")),
    _layer("zones", N_("Patrol zones")),
    _layer("patrol", N_("Patrol routes")),
    _layer("guards", N_("Guard segments")),
    _layer("sites", N_("Sites and stations")),
    _layer("labels", N_("Labels")),
    _layer("rules", N_("Rules")),
    Action("show-units", "view", N_("Basic units"), lambda desk: desk.toggle_units(), "U", lambda m: m.has_units, lambda m: m.show_units),
    SEPARATOR,
    _theme("", N_("Look as the system has it")),
    _theme("light", N_("Light look")),
    _theme("dark", N_("Dark look")),
    SEPARATOR,
    _language("zh_CN", "简体中文"),
    _language("en", "English"),
    Action("shortcuts", "help", N_("Keys and gestures"), lambda desk: desk.show_help(), "F1"),
    Action("about", "help", N_("About"), lambda desk: desk.show_about()),
)


def actions() -> tuple[Action, ...]:
    """Return all actions without the separators."""
    return tuple(action for action in ACTIONS if action is not None)
