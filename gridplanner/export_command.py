"""The command that writes a project's layers: as files of every format, and into a database."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gridplanner.errors import InputError
from gridplanner.export_settings import FORMATS
from gridplanner.i18n import _

if TYPE_CHECKING:
    from gridplanner.console import ConsoleProgress
    from gridplanner.io.export_faults import ExportFault
    from gridplanner.model.project import Project

DONE = 0
MOST_SAID = 12  # things that the export cannot carry
AddCommand = Callable[[str, object, str, str], argparse.ArgumentParser]


def add_export_command(command: AddCommand) -> None:
    """Add `export` to the commands."""
    export = command(
        "export", run_export, _("write a project's layers"),
        "gridplanner export town.gridplan --out out --format gpkg --format kml --crs gcj02",
    )  # fmt: skip
    export.add_argument("project", type=Path, help=_("project file (.gridplan)"))
    export.add_argument("--out", type=Path, required=True, help=_("folder for the layers"))
    text = _("one of {formats}; give it again for several")
    export.add_argument("--format", action="append", dest="formats", metavar="FORMAT", help=text.format(formats=", ".join(FORMATS)))
    export.add_argument("--profile", metavar="NAME|FILE.toml", help=_("names and order of the fields that a receiver wants"))
    export.add_argument("--encoding", choices=("gb18030", "utf-8"), help=_("text encoding of shapefiles"))
    export.add_argument("--crs", help=_("CRS of the layers: project, EPSG:N, gcj02 or bd09"))
    text = _("also write the layers into the database of a service or of a saved connection")
    export.add_argument("--postgis", metavar="NAME", help=text)
    export.add_argument("--schema", help=_("schema of the database that takes the layers"))
    text = _("write a QGIS project that shows the layers in colours")
    export.add_argument("--qgis", action=argparse.BooleanOptionalAction, default=None, help=text)
    export.add_argument("--json", action="store_true", help=_("print what was written and what could not be carried as JSON"))


def run_export(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    """Write the layers by the settings in the project and those asked for."""
    from gridplanner.io.layers import check_export, export_faults, write_layers
    from gridplanner.io.project_places import open_at
    from gridplanner.summary import summary_of

    project = with_export(open_at(options.project).project, options)
    if options.schema and not project.settings.export.postgis:
        raise InputError(_("--schema is a schema of a database; say which with --postgis NAME"))
    check_export(project.settings.export)
    faults = export_faults(project)
    files = write_layers(project, options.out, progress, summary_of(project, {}))
    progress.clear()
    if options.json:
        found = {
            "files": [str(path) for path in files],
            "postgis": project.settings.export.postgis,
            "faults": [fault_row(fault) for fault in faults],
        }
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        for line in fault_lines(faults):
            progress.say(line)
        progress.say(_("Exports: {folder}").format(folder=options.out))
    return DONE


def with_export(project: Project, options: argparse.Namespace) -> Project:
    """Return a project with the export settings that were asked for; raises InputError as a plan file's would."""
    from gridplanner.plan_file import settings_from_table, settings_to_table

    table = settings_to_table(project.settings)
    profile = options.profile
    if profile and profile.lower().endswith(".toml"):
        profile = str(Path(profile).resolve())
    asked: dict[str, Any] = {
        "formats": options.formats, "encoding": options.encoding, "crs": options.crs, "profile": profile, "postgis": options.postgis,
        "schema": options.schema,
    }  # fmt: skip
    table["export"] |= {key: value for key, value in asked.items() if value}
    if options.qgis is not None:
        table["export"]["qgis"] = options.qgis
    return dataclasses.replace(project, settings=settings_from_table(table))


def fault_lines(faults: Sequence[ExportFault]) -> list[str]:
    """Return what the export could not carry in lines, the first ones and how many more there are."""
    lines = [f"! {fault.message}" for fault in faults[:MOST_SAID]]
    if len(faults) > MOST_SAID:
        lines.append(_("… and {n} more, in the layer of issues").format(n=len(faults) - MOST_SAID))
    if any(fault.utf8_helps for fault in faults):
        lines.append(_("With --encoding utf-8 no character would be lost"))
    return lines


def fault_row(fault: ExportFault) -> dict[str, object]:
    """Return one thing that the export could not carry as plain values."""
    return {
        "kind": fault.kind, "format": fault.format, "layer": fault.layer, "field": fault.field, "count": len(fault.rows),
        "rows": list(fault.rows[:MOST_SAID]), "example": fault.example, "message": fault.message,
    }  # fmt: skip
