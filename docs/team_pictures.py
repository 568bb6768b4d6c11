"""Pictures of teamwork: communities handed out, a package opened, what comes back, conflicts on the map, another file compared, the log."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from pictures import TWO, Album, save, sheet, window_on

if TYPE_CHECKING:
    from gridplanner.model.project import Project

ME = "desk-1@office"
WHO = {"南片民警": "desk-2@office", "北片民警": "desk-3@office"}
DAY = "2027-01-15"


def plan_team(town: Path) -> None:
    """Plan the sample town, hand out two packages, change both sides in different ways and save everything beside each other."""
    import os

    import sample_data
    from gridplanner.edits.grid_edits import MoveUnits
    from gridplanner.edits.handout_edits import HandOut
    from gridplanner.edits.table_edits import ChangeGrids
    from gridplanner.i18n import set_language
    from gridplanner.io.gridpack import new_handout, open_pack_saved, save_pack, write_pack
    from gridplanner.io.project_file import open_saved, save_saved
    from gridplanner.io.saved import Saved
    from gridplanner.io.sources import read_sources
    from gridplanner.model.handout import community_keys
    from gridplanner.plan_file import read_plan
    from gridplanner.session import Session
    from gridplanner.who import who as here
    from ui.tasks import propose

    set_language("zh_CN")

    def be(who: str) -> None:
        os.environ["GRIDPLANNER_WHO"] = who
        here.cache_clear()

    be(ME)
    settings = read_plan(Path(sample_data.__file__).with_name("xijiao.toml"))
    assert settings.grids is not None
    settings = dataclasses.replace(settings, grids=dataclasses.replace(settings.grids, effort="quick"))
    project = read_sources(settings)
    for edit in propose(project, ("units", "grids")):
        project = edit.apply(project)
    save_saved(Saved(project), town)
    saved = open_saved(town)
    keys = community_keys(project.communities)
    session = Session(project)
    for number, (to, who) in enumerate(WHO.items()):
        rows = (number, number + 3) if len(keys) > 5 else (number,)
        handout = new_handout(project, saved.mark, [keys[row] for row in rows], to, DAY)
        path = town.with_name(f"{to}.gridpack")
        write_pack(path, project, handout)
        session.do(HandOut(handout))
        work = open_pack_saved(path)
        be(who)
        theirs = Session(work.project)
        for unit, ways in torn_units(work.project)[:4]:
            theirs.do(MoveUnits((unit,), ways[0], code_of(work.project, ways[0])))
        first = next(iter(theirs.project.grids.grids))  # type: ignore[union-attr]
        theirs.do(ChangeGrids(((first, (("name", "学府路网格"),)),)))
        save_pack(dataclasses.replace(work, project=theirs.project, changes=tuple(theirs.log)), path)
        be(ME)
    for row in (0, 1):
        for unit, ways in [pair for pair in torn_units(session.project, row) if len(pair[1]) > 1][:2]:
            session.do(MoveUnits((unit,), ways[1], code_of(session.project, ways[1])))
    first = min(key for key, grid in session.project.grids.grids.items() if grid.community == 0)  # type: ignore[union-attr]
    session.do(ChangeGrids(((first, (("name", "大学路网格"),)),)))
    save_saved(Saved(session.project, saved.mark, tuple(session.log)), town)
    other = town.with_name("西郊街道 另一台电脑.gridplan")
    for unit, ways in torn_units(project, 2)[:6]:
        project = MoveUnits((unit,), ways[0]).apply(project)
    save_saved(dataclasses.replace(saved, project=project), other)


def code_of(project: Project, grid: int) -> str:
    """Return the code of a grid, which the log of changes shortens."""
    assert project.grids is not None
    return project.grids.grids[grid].code


def torn_units(project: Project, community: int = 0) -> list[tuple[int, tuple[int, ...]]]:
    """Return units of a community at the border of their grid, with the other grids beside each, those beside two in front."""
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    beside: dict[int, set[int]] = {}
    for left, right in zip(units.left.tolist(), units.right.tolist(), strict=True):
        if (
            min(left, right) >= 0
            and units.community[left] == units.community[right] == community
            and plan.labels[left] != plan.labels[right]
        ):
            beside.setdefault(left, set()).add(int(plan.labels[right]))
            beside.setdefault(right, set()).add(int(plan.labels[left]))
    found = [(unit, tuple(sorted(ways))) for unit, ways in sorted(beside.items())]
    return sorted(found, key=lambda pair: -len(pair[1]))


def take_team(code: str, look: str, scale: str, town: Path, folder: Path) -> None:
    """Take teamwork in one language, look and scaling."""
    if (code, look, scale) not in TWO:
        return
    from PySide6.QtWidgets import QDialog

    from gridplanner.io.project_file import open_saved

    with window_on(code, look, scale) as (desk, wait):
        window, album = desk.window, Album(desk, wait)
        saved = open_saved(town)
        desk.files.keeping.begin(None, saved.mark, None)
        desk.session.open(saved.project, saved=True, log=saved.changes)
        desk.canvas.fit()
        window.steps.choose("grids")
        wait(lambda: desk.derived.project is saved.project and desk.derived.issues is not None)
        album.keep()

        def dialog() -> QDialog:
            wait(lambda: not desk.jobs.is_busy, 30.0)
            wait(lambda: any(made.isVisible() for made in window.findChildren(QDialog)), 5.0)
            return next(made for made in window.findChildren(QDialog) if made.isVisible())

        if scale == "1":
            for show in (desk.team.hand_out, desk.team.log.show):
                show()
                wait(lambda: False, 0.4)
                if show == desk.team.hand_out:
                    dialog().toggle(len(saved.project.communities) - 1)  # type: ignore[attr-defined]
                    dialog().to.setText("东片")  # type: ignore[attr-defined]
                    dialog().file.setText("D:/网格/西郊街道-东片.gridpack")  # type: ignore[attr-defined]
                    wait(lambda: False, 0.2)
                album.pictures.append(dialog().grab().toImage())
                dialog().reject()
        packages = sorted(town.parent.glob("*.gridpack"))
        desk.team.take_in(packages)
        shown = dialog()
        conflicts = Album(desk, wait)
        conflicts.pictures.append(shown.grab().toImage())
        shown.accept()
        wait(lambda: desk.team.taking.is_deciding, 5.0)
        desk.team.taking.decide(0, 1)
        desk.team.taking.decide(1, 2)
        conflicts.keep()
        if scale == "1":
            desk.team.taking.give_up()
            desk.team.compare_file(next(path for path in town.parent.glob("*.gridplan") if path != town))
            wait(lambda: desk.comparing.found is not None, 30.0)
            desk.canvas.fit()
            conflicts.keep()
            desk.comparing.stop()
            desk.files.open(packages[0])
            wait(lambda: desk.team.package is not None, 30.0)
            desk.canvas.fit()
            album.keep()
        for name, taken in (("team", album), ("conflicts", conflicts)):
            save(sheet(taken.pictures, look, float(scale)), folder / f"{name}-{code[:2]}-{look}-{round(100 * float(scale))}.png")
