"""What QGIS shows of a project file: styled layers under names in the language in use, and the log of changes."""

from __future__ import annotations

import sqlite3

from algorithms.progress import Progress
from gridplanner.i18n import N_, _, language
from gridplanner.io import crs as systems
from gridplanner.io import gpkg
from gridplanner.io.formats.look import layer_look
from gridplanner.io.keeping.disk_words import Trouble, trouble_of
from gridplanner.io.layer_schemas import Field
from gridplanner.io.project_log import CHANGES
from gridplanner.io.project_views import View, views
from gridplanner.io.qgis_style import style_file, table_style_file
from gridplanner.io.scenario_views import scenario_views
from gridplanner.model.project import Project

_LOG = {
    "number": N_("Entry"), "at": N_("When"), "who": N_("Who"), "words": N_("Change"), "way": N_("Done, undone or redone"),
    "what": N_("From what to what"), "exact": N_("For the program itself"),
}  # fmt: skip


def show(project: Project, connection: sqlite3.Connection, progress: Progress) -> None:
    """Write the layers; one that cannot be drawn is left out, for a view must never keep work from being saved."""
    gpkg.allow_titles(connection)
    _show_log(connection)
    srs = -1
    if systems.is_known(project.crs):
        srs = gpkg.add_crs(connection, project.crs, systems.to_wkt(project.crs), systems.describe(project.crs))
    drawers = (*views(), *scenario_views(project))
    for done, draw in enumerate(drawers):
        progress.check()
        progress.report(done / len(drawers), _("Saving the project"))
        connection.execute("BEGIN")
        try:
            view = draw(project)
            if view is not None and len(view.rows):
                _add(connection, view, srs)
            connection.execute("COMMIT")
        except Exception as why:  # whatever a half-made plan does to its drawing
            if connection.in_transaction:  # what a full disk refused, SQLite has taken back itself
                connection.execute("ROLLBACK")
            if isinstance(why, sqlite3.Error) and trouble_of(why) in {Trouble.FULL, Trouble.FAULTY}:
                raise


def _show_log(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")
    gpkg.add_attributes(connection, CHANGES, _("Log of changes"))
    titles = {name: _(title) for name, title in _LOG.items()}
    for name, title in titles.items():
        gpkg.add_title(connection, CHANGES, name, title, "")
    gpkg.add_style(connection, CHANGES, _("Log of changes"), table_style_file(titles), column="")
    connection.execute("COMMIT")


def _add(connection: sqlite3.Connection, view: View, srs: int) -> None:
    rows = view.rows
    geometry = "GEOMETRY" if rows.schema.geometry == "Polygon" else rows.schema.geometry.upper()
    layer = gpkg.Layer(view.name, _title(view), geometry, srs)
    gpkg.add_layer(connection, layer, rows.shapes, {part.name: rows.columns[part.name] for part in rows.schema.fields})
    titles = {part.name: _called(part) for part in rows.schema.fields}
    for part in rows.schema.fields:
        gpkg.add_title(connection, view.name, part.name, titles[part.name], _meaning(part))
    gpkg.add_style(connection, view.name, layer.title, style_file(rows, titles))


def _title(view: View) -> str:
    """Return what the layer is called: its title, and the scenario's where it is not of the one worked on."""
    look = layer_look(view.rows)
    title = _(look.title) if look.title else view.name
    return f"{title} – {view.scenario}" if view.scenario else title


def _called(part: Field) -> str:
    return part.chinese if language() == "zh_CN" else part.english


def _meaning(part: Field) -> str:
    unit = _(part.unit) if part.unit else ""
    return " · ".join(word for word in (unit, _(part.meaning) if part.meaning else "") if word)
