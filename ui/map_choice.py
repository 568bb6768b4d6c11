"""What the maps of a window show beside the plan: theme, legend, basemap, the looks of layers, and the second map."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gridplanner.i18n import N_, _
from gridplanner.model.project import Project
from ui.basemap_choice import BasemapChoice
from ui.dialogs.basemap_dialog import BasemapDialog
from ui.map.bounds import bounds_of
from ui.map.duty_legend import legend_with_duty
from ui.map.layer_looks import USUAL, Looks, looks_of
from ui.map.legend import Legend
from ui.map.rating_layer import legend_with_rating, with_rating_theme
from ui.map.scene import Showing
from ui.map.themes import THEMES, legend_of, theme_of_map
from ui.panels.layers_panel import LAYERS, LayersPanel
from ui.second_map import SecondMap
from ui.steps import hidden_at

if TYPE_CHECKING:
    from ui.desk import Desk

# opacities over a basemap, and of the basemap in the dark look, where the planner did not choose others
THROUGH, DIMMED = 0.55, 0.4


# themes of steps that have one of their own, where the planner did not choose another
THEME_AT = {"beats": "beat", "zones": "zone", "patrol": "grid"}


class MapChoice(QObject):
    """Dresses what the desk shows with what the planner chose for the maps, and remembers it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        preferences = desk.preferences
        self.looks = looks_of(preferences.choice("layers"), LAYERS)
        self._shown = _shown_of(preferences.choice("layers-shown"))
        self.basemap = BasemapChoice(preferences, self)
        self.second: SecondMap | None = None
        self.legend: Legend | None = None
        self.panel: LayersPanel | None = None

    def attach(self) -> None:
        """Listen to the parts of the desk, once they are there."""
        desk, preferences = self._desk, self._desk.preferences
        self.legend = Legend(desk.canvas)
        self.legend.fold(preferences.choice("legend") == "folded")
        self.legend.folded.connect(lambda away: preferences.remember_choice("legend", "folded" if away else "open"))
        self.basemap.changed.connect(desk.show_maps)
        self.basemap.told.connect(lambda words: desk.window.status.say(words) if words else desk.teller.tell_hint())
        self.panel = panel = LayersPanel()
        desk.side.add_tab("layers", N_("Layers"), panel)
        panel.toggled.connect(desk.toggle_layer)
        panel.changed.connect(self._take_looks)
        panel.basemap_asked.connect(self.choose_basemap)

    def dressed(self, showing: Showing) -> Showing:
        """Return what is shown, with theme, looks and basemap; over a basemap the land is left out and grids let it shine through."""
        crs = showing.project.crs
        basemap = self.basemap.shown(crs) if "basemap" not in showing.hidden else None
        looks, hidden = self.looks, showing.hidden
        if basemap is not None:
            hidden |= {"communities"}
            if looks.look("grids") == USUAL:
                looks = looks.with_look("grids", dataclasses.replace(USUAL, opacity=THROUGH))
            if showing.theme.name == "dark" and looks.look("basemap") == USUAL:
                looks = looks.with_look("basemap", dataclasses.replace(USUAL, opacity=DIMMED))
        return with_rating_theme(dataclasses.replace(
            showing, theme=looks.theme(showing.theme), map_theme=self.theme, looks=looks, basemap=basemap, hidden=hidden
        ))  # fmt: skip

    def show(self, showing: Showing) -> None:
        """Bring legend, list of layers and second map into step with the first map."""
        if self.legend is None or self.panel is None:
            return
        theme = theme_of_map(self.theme, showing.project)
        there = "legend" not in showing.hidden
        title, entries = legend_with_rating(_(theme.name), legend_of(showing), showing)
        title, entries = legend_with_duty(title, entries, showing)
        self.legend.show_legend(title, entries, self.basemap.credit, there=there)
        on = self.basemap.is_on
        self.panel.show_layers(self.looks, self._desk.hidden - {"basemap"} if on else self._desk.hidden | {"basemap"})
        if self.second is not None:
            self.second.follow(showing)

    @property
    def theme(self) -> str:
        """The theme of the first map: the steps of beats and zones each have one of their own."""
        return self._desk.preferences.choice(self._theme_key, THEME_AT.get(self._desk.window.steps.step.id, "grid"))

    @property
    def _theme_key(self) -> str:
        step = self._desk.window.steps.step.id
        return f"map-theme-{step}" if step in THEME_AT else "map-theme"

    @property
    def possible_themes(self) -> frozenset[str]:
        """The themes that the project has something for."""
        project = self._desk.session.project
        return frozenset(name for name, theme in THEMES.items() if theme.possible(project))

    # layers

    def hidden_at(self, step: str) -> frozenset[str]:
        """Return the layers hidden at a step: those it does without, unless the planner showed or hid one by hand."""
        shown = {name for name, yes in self._shown.items() if yes}
        return (hidden_at(step) - shown) | {name for name, yes in self._shown.items() if not yes}

    def toggle(self, hidden: frozenset[str], name: str) -> frozenset[str]:
        """Return what is hidden after one layer was shown or hidden by hand, and remember it."""
        if name == "basemap":
            self.toggle_basemap()
            return hidden - {"basemap"}
        self._shown[name] = name in hidden
        self._desk.preferences.remember_choice("layers-shown", json.dumps(self._shown))
        return hidden ^ {name}

    def _take_looks(self, looks: Looks) -> None:
        self.looks = looks
        self._desk.preferences.remember_choice("layers", looks.as_text())
        self._desk.show_maps()

    # themes

    def use_theme(self, name: str) -> None:
        """Colour the first map by another theme: a key of THEMES."""
        if name in THEMES:
            self._desk.preferences.remember_choice(self._theme_key, name)
            self._desk.show_maps()

    # basemap

    def toggle_basemap(self) -> None:
        """Show or hide the basemap; ask for one where none was ever chosen."""
        if self.basemap.source is None:
            self.choose_basemap()
        else:
            self.basemap.turn(not self.basemap.is_on)

    def choose_basemap(self) -> None:
        """Ask for a basemap and show it."""
        desk, project = self._desk, self._desk.session.project
        before = self.basemap.source
        dialog = BasemapDialog(before, project.crs, bounds_of(project), desk.preferences.folder("basemap"), desk.window)
        dialog.accepted.connect(lambda: self.basemap.take(dialog.chosen))
        dialog.finished.connect(lambda _result: self.panel.refresh() if self.panel is not None else None)
        dialog.open()

    # second map

    def toggle_second(self) -> None:
        """Open the second map, or close it."""
        if self.second is not None:
            self.second.close()
        else:
            self.open_second()

    def open_second(self) -> SecondMap:
        """Return the second map, opened where it was not."""
        if self.second is None:
            self.second = SecondMap(self._desk, self._desk.canvas.showing)
            self.second.closed.connect(self._forget_second)
            self.second.show()
            self._desk.tell_moment()
        return self.second

    def show_project(self, project: Project | None, title: str = "") -> None:
        """Show another project in the second map, beside the first's; None brings the first's back there."""
        if project is not None:
            self.open_second().show_project(project, title)
        elif self.second is not None:
            self.second.show_project(None)

    def _forget_second(self) -> None:
        if self.second is not None:
            self.second.deleteLater()
            self.second = None
            self._desk.tell_moment()

    def retranslate(self) -> None:
        """Take up the language and the look in use."""
        if self.panel is not None:
            self.panel.retranslate()
        if self.second is not None:
            self.second.retranslate()

    def close(self) -> None:
        """Close the second map and end the threads."""
        if self.second is not None:
            self.second.close()
        self.basemap.close()


def _shown_of(text: str) -> dict[str, bool]:
    """Return the layers that were shown (True) or hidden by hand, as far as the text makes sense."""
    try:
        said = json.loads(text) if text else {}
        return {str(name): bool(yes) for name, yes in said.items()}
    except (ValueError, AttributeError):
        return {}
