"""The list of what a layer can be taken for, by its geometry."""

from __future__ import annotations

from gridplanner.i18n import _
from gridplanner.io.source_report import SourceReport
from ui.dialogs.form import Choice
from ui.dialogs.source_words import ROLES

SHEETS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".dbf")  # tables that may have coordinates in their columns
WIDE = 204  # pixels


def role_choice(report: SourceReport) -> Choice:
    """Return the roles that a layer may have, to leave it out the first; their keys are the items' data."""
    box = Choice()
    box.setFixedWidth(WIDE)
    box.addItem(_("leave out"), "")
    kinds_here = {report.geometry}
    if report.from_columns:
        kinds_here.add("")
    elif not report.geometry and report.fields and report.path.lower().endswith(SHEETS):
        kinds_here.add("point")  # by coordinates that nothing but the planner knows of
    for key, words, kinds in ROLES:
        if report.readable and kinds_here & set(kinds):
            box.addItem(_(words), key)
    box.setAccessibleName(_("Taken for"))
    box.setEnabled(box.count() > 1)
    return box
