"""What can be done with projects and files."""

from __future__ import annotations

from gridplanner.i18n import N_
from ui.actions.action import SEPARATOR, Action, Moment, Row, idle


def _can_save(moment: Moment) -> bool:
    return moment.ready and moment.has_data


ROWS: tuple[Row, ...] = (
    Action("new", "file", N_("New project"), lambda desk: desk.files.start_anew(), "Ctrl+N", lambda m: idle(m) and m.has_data),
    Action("open", "file", N_("Open project"), lambda desk: desk.files.open(), "Ctrl+O", idle),
    Action("import", "file", N_("Import data"), lambda desk: desk.files.import_data(), "Ctrl+I", idle),
    Action("import-database", "file", N_("Import from a database"), lambda desk: desk.files.import_from_database(), "", idle),
    Action("open-shared", "file", N_("Open from the office's database"), lambda desk: desk.shared.open(), "", idle),
    Action("sample", "file", N_("Sample town"), lambda desk: desk.files.open_sample(), "", idle),
    SEPARATOR,
    Action("save", "file", N_("Save"), lambda desk: desk.files.save(), "Ctrl+S", lambda m: m.ready and m.has_data),
    Action("save-as", "file", N_("Save as"), lambda desk: desk.files.save_as(), "Ctrl+Shift+S", lambda m: m.ready and m.has_data),
    Action("put-shared", "file", N_("Put into the office's database"), lambda desk: desk.shared.put_in(), "", _can_save),
    Action("versions", "file", N_("Earlier versions"), lambda desk: desk.files.show_versions(), "", lambda m: idle(m) and m.has_data),
    Action("recover", "file", N_("Recover unsaved work"), lambda desk: desk.files.offer_left(tell=True), "", idle),
    Action("export", "file", N_("Export layers"), lambda desk: desk.files.export(), "Ctrl+E", lambda m: idle(m) and m.has_data),
    Action("print-rating", "file", N_("Print the rating map"), lambda desk: desk.rating.print_sheet(), "", lambda m: m.has_rating),
    Action("print-routes", "file", N_("Print route sheets"), lambda desk: desk.output.print_sheets(), "", lambda m: m.has_routes),
    Action("phone-routes", "file", N_("Export routes for phones"), lambda desk: desk.output.export_phones(), "", lambda m: m.has_routes),
    Action("print-roster", "file", N_("Print the roster"), lambda desk: desk.rosters.print_pages(), "", lambda m: m.has_roster),
    Action("roster-book", "file", N_("Save the roster as a workbook"), lambda desk: desk.rosters.save_book(), "", lambda m: m.has_roster),
    SEPARATOR,
    Action("quit", "file", N_("Quit"), lambda desk: desk.window.close(), "Ctrl+Q", lambda _m: True),
)
