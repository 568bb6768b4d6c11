"""What is shown, how it looks, and the language."""

from __future__ import annotations

from gridplanner.i18n import N_
from ui.actions.action import SEPARATOR, Action, Row


def _layer(name: str, text: str) -> Action:
    return Action(
        f"layer-{name}", "view", text, lambda desk: desk.toggle_layer(name), "", lambda m: m.has_data, lambda m: name not in m.hidden,
        under=N_("Layers"),
    )  # fmt: skip


def _language(code: str, name: str) -> Action:
    return Action(
        f"language-{code}", "view", name, lambda desk: desk.use_language(code), checked=lambda m: m.language == code, under=N_("Language")
    )


def _theme(name: str, text: str) -> Action:
    return Action(
        f"theme-{name or 'system'}", "view", text, lambda desk: desk.use_theme(name), checked=lambda m: m.theme == name, under=N_("Look")
    )


def _map_theme(name: str, text: str) -> Action:
    return Action(
        f"map-theme-{name}", "view", text, lambda desk: desk.maps.use_theme(name), "", lambda m: name in m.map_themes,
        lambda m: m.map_theme == name, under=N_("Map theme"),
    )  # fmt: skip


ROWS: tuple[Row, ...] = (
    Action("fit", "view", N_("Show everything"), lambda desk: desk.canvas.fit(), "F", lambda m: m.has_data),
    Action("closer", "view", N_("Zoom in"), lambda desk: desk.canvas.zoom(1.5), "+", lambda m: m.has_data),
    Action("farther", "view", N_("Zoom out"), lambda desk: desk.canvas.zoom(1 / 1.5), "-", lambda m: m.has_data),
    Action(
        "second-map", "view", N_("Second map"), lambda desk: desk.maps.toggle_second(), "F8", lambda m: m.has_data, lambda m: m.second_map
    ),
    Action("patrol-play", "view", N_("Crews on their way"), lambda desk: desk.patrol.toggle_play(), "Shift+P", lambda m: m.at_patrol),
    SEPARATOR,
    _map_theme("grid", N_("By grid")),
    _map_theme("deviation", N_("By deviation")),
    _map_theme("beat", N_("By beat")),
    _map_theme("zone", N_("By patrol zone")),
    _map_theme("rating", N_("By rating")),
    _map_theme("street", N_("By street class")),
    _map_theme("patrol-interval", N_("By longest patrol interval")),
    _map_theme("patrol-visits", N_("By patrol visits")),
    _map_theme("community", N_("By community")),
    _map_theme("kind", N_("By lock and kind")),
    Action(
        "basemap", "view", N_("Basemap"), lambda desk: desk.maps.toggle_basemap(), "Ctrl+B", lambda m: m.has_data, lambda m: m.has_basemap
    ),
    Action("basemap-choose", "view", N_("Choose basemap"), lambda desk: desk.maps.choose_basemap()),
    SEPARATOR,
    _layer("legend", N_("Legend")),
    _layer("grids", N_("Grids")),
    _layer("roads", N_("Streets")),
    _layer("addresses", N_("Addresses")),
    _layer("rail", N_("Railway lines")),
    _layer("beats", N_("Beats")),
    _layer("zones", N_("Patrol zones")),
    _layer("rating", N_("Rating")),
    _layer("patrol", N_("Patrol routes")),
    _layer("guards", N_("Guard segments")),
    _layer("duty", N_("People on duty")),
    _layer("chainage", N_("Chainage and bases")),
    _layer("corridor", N_("Railway corridor")),
    _layer("rings", N_("Response rings")),
    _layer("checkpoints", N_("Checkpoints")),
    _layer("chiefs", N_("Street chiefs")),
    _layer("sites", N_("Sites and stations")),
    _layer("labels", N_("Labels")),
    _layer("rules", N_("Rules")),
    Action("show-units", "view", N_("Basic units"), lambda desk: desk.toggle_units(), "U", lambda m: m.has_units, lambda m: m.show_units),
    SEPARATOR,
    _theme("", N_("Look as the system has it")),
    _theme("light", N_("Light look")),
    _theme("dark", N_("Dark look")),
    _language("zh_CN", "简体中文"),
    _language("en", "English"),
)
