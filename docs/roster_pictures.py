"""Pictures of the roster: its calendar with a person, the ledger, the costs, who is on duty, a sick call, settings, and no roster yet."""

from __future__ import annotations

from pathlib import Path

from pictures import Album, save, sheet, shown, window_on


def plan_roster(town: Path) -> None:
    """Roster the guards of the Golmud scenario, with leave, a wish, a shift set against a rule, and a sick call, and save it."""
    import dataclasses

    import sample_data
    from gridplanner.edits.roster_edits import EnterCell, FixCells, SetCell
    from gridplanner.i18n import set_language
    from gridplanner.io.project_file import save_project
    from gridplanner.io.sources import read_sources
    from gridplanner.plan_file import read_plan
    from gridplanner.planning.roster_again import propose_sick_call
    from ui.tasks import propose

    set_language("zh_CN")
    project = read_sources(read_plan(Path(sample_data.__file__).with_name("golmud.toml")))
    assert project.settings.roster is not None
    section = dataclasses.replace(project.settings.roster, points={"early": 1.0, "late": 1.0, "night": 2.0})
    project = dataclasses.replace(project, settings=dataclasses.replace(project.settings, roster=section))
    for edit in propose(project, ("rail", "roster")):
        project = edit.apply(project)
    for done in (
        EnterCell("1-03", "2026-01-07", until="2026-01-08"), EnterCell("1-06", "2026-01-10", "want", "off", "2026-01-11"),
        SetCell("1-04", "2026-01-06", "late"), SetCell("1-04", "2026-01-07", "early"), FixCells((("1-01", "2026-01-05"),)),
    ):  # fmt: skip
        project = done.apply(project)
    save_project(propose_sick_call(project, "1-02", "2026-01-08", "2026-01-09").apply(project), town)


def take_roster(code: str, look: str, scale: str, town: Path, folder: Path) -> None:
    """Take the roster in one language, look and scaling; at the larger scaling the calendar and who is on duty alone."""
    import dataclasses

    with window_on(code, look, scale) as (desk, wait):
        window, album = desk.window, Album(desk, wait)
        project = shown(desk, town)

        desk.canvas.fit()
        window.steps.choose("roster")
        wait(lambda: desk.derived.project is project and desk.derived.issues is not None)
        page = desk.side.roster
        page.go_to((3, 1))
        album.keep()
        page.tabs.choose("duty")
        album.keep()
        if scale == "1":
            for name in ("people", "costs"):
                page.tabs.choose(name)
                album.keep()
            album.keep_dialog(lambda: desk.duties.ask_sick(3))
            album.keep_dialog(window.steps.settings_asked.emit)
            page.tabs.choose("calendar")
            menu = desk.duties.cell_menu()
            menu.popup(page.calendar.mapToGlobal(page.calendar.rect().center()))
            wait(lambda: False, 0.2)
            album.pictures.append(menu.grab().toImage())
            menu.close()
            desk.session.open(dataclasses.replace(project, roster=None), saved=True)
            window.steps.choose("roster")
            album.keep()
        save(sheet(album.pictures, look, float(scale)), folder / f"roster-{code[:2]}-{look}-{round(100 * float(scale))}.png")
