"""The commands for work in a team: hand communities out as packages, take packages in, compare two project files."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from gridplanner.errors import InputError
from gridplanner.i18n import _, ngettext

if TYPE_CHECKING:
    from gridplanner.console import ConsoleProgress
    from gridplanner.io.gridpack import Pack
    from gridplanner.io.saved import Mark
    from gridplanner.model.merge import Merge
    from gridplanner.model.project import Project
    from gridplanner.planning.file_comparison import FileComparison
    from gridplanner.project_at_work import ProjectAtWork

DONE, FOUND = 0, 1
_TOLD = 12  # communities named in a message
AddCommand = Callable[[str, object, str, str], argparse.ArgumentParser]


def add_team_commands(command: AddCommand) -> None:
    """Add the commands and their options."""
    text = _("hand out communities of a project as a package that somebody else works on and sends back")
    example = "gridplanner pack town.gridplan --communities 620802001001 620802001002 --to south --until 2026-04-30 --out south.gridpack"
    pack = command("pack", run_pack, text, example)
    pack.add_argument("project", type=Path, metavar="PROJECT.gridplan", help=_("project file (.gridplan)"))
    pack.add_argument("--communities", nargs="+", required=True, metavar="CODE", help=_("codes or names of the communities to hand out"))
    pack.add_argument("--to", required=True, metavar="WHOM", help=_("who is to work on them"))
    pack.add_argument("--until", default="", metavar="YYYY-MM-DD", help=_("last day of the lease (default: without an end)"))
    pack.add_argument("--out", type=Path, required=True, metavar="FILE.gridpack", help=_("package to write"))

    text = _("take packages in that were handed out: what both sides changed otherwise is listed; exit 1 where that is not decided")
    merge = command("merge", run_merge, text, "gridplanner merge town.gridplan south.gridpack north.gridpack --dry-run")
    merge.add_argument("project", type=Path, metavar="PROJECT.gridplan", help=_("project file that they were handed out from"))
    merge.add_argument("packages", type=Path, nargs="+", metavar="PACKAGE.gridpack", help=_("packages, taken in one after the other"))
    text = _("decide conflicts for the project (mine) or the packages (theirs): all, or the one of a KEY that --json shows; repeatable")
    merge.add_argument("--choose", action="append", default=[], metavar="SIDE|KEY=SIDE", help=text)
    merge.add_argument("--dry-run", action="store_true", help=_("write nothing, only tell what would come in"))
    merge.add_argument("--json", action="store_true", help=_("print what came in and the conflicts as JSON on standard output"))

    text = _("tell what differs between two project files: households in another grid, and every other part; exit 1 where any does")
    compare = command("compare", run_compare, text, "gridplanner compare before.gridplan after.gridplan --out difference.xlsx")
    compare.add_argument("before", type=Path, metavar="A.gridplan", help=_("the earlier file"))
    compare.add_argument("after", type=Path, metavar="B.gridplan", help=_("the later file"))
    compare.add_argument("--out", type=Path, metavar="TABLE.xlsx", help=_("write who is in another grid as a table: .xlsx or .csv"))
    compare.add_argument("--json", action="store_true", help=_("print the difference as JSON on standard output"))


def run_pack(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    """Write a package and the lease into the project; raises InputError, ProjectFileError."""
    from gridplanner.edits.handout_edits import HandOut
    from gridplanner.io.gridpack import SUFFIX, new_handout, write_pack
    from gridplanner.project_at_work import worked_on

    out: Path = options.out
    if out.suffix.lower() != SUFFIX:
        raise InputError(_("{file}: a package ends in .gridpack; write {name}").format(file=out, name=f"{out}{SUFFIX}"))
    if not options.to.strip():
        raise InputError(_("Say who is to work on the communities: --to WHOM"))
    if out.exists():  # told before the project is locked
        raise InputError(_("{file}: is there already; a package that was handed out is not written over").format(file=out))
    with worked_on(options.project, options.project, progress.say) as work:
        if not work.mark.project_id:  # of an earlier version: it gets its name among projects
            work.save(work.project, _("Saved in the present format"), progress)
        keys = [_key_of(work.project, word) for word in options.communities]
        for lease in work.project.handouts:
            if both := sorted(set(keys) & set(lease.communities)):
                text = _("Handed out to {whom} already: {names}; what both change is asked for when the packages come back")
                progress.say(text.format(whom=lease.to, names=_(", ").join(both)))
        handout = new_handout(work.project, work.mark, keys, options.to, options.until)
        if handout.is_over(date.today().isoformat()):
            text = _("Note: {day} is over by the clock of this computer, so the lease ends before it begins")
            progress.say(text.format(day=handout.until))
        edit = HandOut(handout)
        after = edit.apply(work.project)
        write_pack(out, work.project, handout, progress)
        try:
            work.save(after, edit.words, progress)
        except BaseException:
            out.unlink(missing_ok=True)  # nobody is to work by a lease that the project does not know of
            raise
    progress.say(_("Package: {file}").format(file=out))
    return DONE


def _key_of(project: Project, word: str) -> str:
    """Return the key of a community by its code, or by its name where only one is called so; raises InputError for another word."""
    from gridplanner.model.handout import community_keys

    keys, names = community_keys(project.communities), project.communities.names.tolist()
    if word not in keys and names.count(word) == 1:
        return str(keys[names.index(word)])
    if word not in keys:
        known = [f"{key.split('|')[0]} {name}".strip() for key, name in zip(keys, names, strict=True)]
        told = _(", ").join([*known[:_TOLD], *(["…"] if len(known) > _TOLD else [])])
        raise InputError(_("There is no community {code}; the project has {names}").format(code=word, names=told or "–"))
    return word


def run_merge(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    """Take packages in and save; raises InputError, ProjectFileError, EditRejected, and writes nothing then."""
    from gridplanner.edits.take_in_edits import TakeIn
    from gridplanner.io.gridpack import check_pack, lease_words, open_pack
    from gridplanner.model.lease_check import returning_notes
    from gridplanner.model.merging import merge, resolved

    open_left, rows, words = 0, [], []
    rest, given = _choices(options.choose)
    known: set[str] = set()
    with _project_of(options, progress) as (project, mark, work):
        for path in options.packages:
            pack = open_pack(path)
            check_pack(pack.handout, mark, project)
            if rest:
                found = resolved(pack.base.project, project, pack.work.project, rest, given, part=True)
            else:
                found = merge(pack.base.project, project, pack.work.project, given, part=True)
            known |= {one.key for one in found.conflicts}
            told = [*filter(None, [lease_words(pack.handout)]), *returning_notes(pack.handout, project, found), *found.notes]
            rows.append(_row(path, pack, found, told))
            open_left += len(found.open)
            if not options.json:
                _tell(path, pack, found, told, project, progress)
            if found.open:
                project = found.project  # to find what the packages behind it would meet; nothing of it is saved
                continue
            if found.taken.is_empty and all(lease.package_id != pack.handout.package_id for lease in project.handouts):
                continue  # taken in before: there is nothing to save or to log
            edit = TakeIn(found, project, pack.work.mark.who, pack.handout)
            words.append(edit.words)
            project = edit.apply(project)
        if unknown := sorted(given.keys() - known):
            raise InputError(_("There is no conflict {key}; gridplanner merge --dry-run --json shows the keys").format(key=unknown[0]))
        if not open_left and words and work is not None:
            work.save(project, "; ".join(words), progress)
    progress.clear()
    if options.json:
        print(json.dumps({"saved": bool(words) and not open_left and not options.dry_run, "packages": rows}, ensure_ascii=False, indent=1))
    if open_left:
        text = ngettext("{n} conflict is not decided, nothing was saved: decide it in the window, or with --choose",
                        "{n} conflicts are not decided, nothing was saved: decide them in the window, or with --choose",
                        open_left)  # fmt: skip
        progress.say(text.format(n=f"{open_left:,}"))
        return FOUND
    if not options.dry_run:
        text = _("Saved: {file}") if words else _("{file}: is as it was, nothing new came in")
        progress.say(text.format(file=options.project))
    return DONE


def _choices(said: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Return which side decides all conflicts (empty: none), and that of some by their keys; raises InputError."""
    rest, given = "", {}
    for one in said:
        key, _sign, side = one.rpartition("=")
        if side not in ("mine", "theirs"):
            raise InputError(_("--choose {words}: say mine or theirs, or KEY=mine or KEY=theirs").format(words=one))
        if key:
            given[key] = side
        else:
            rest = side
    return rest, given


@contextmanager
def _project_of(options: argparse.Namespace, progress: ConsoleProgress) -> Iterator[tuple[Project, Mark, ProjectAtWork | None]]:
    """Yield the project, its mark, and where it is saved; one that is only looked at is not locked."""
    from gridplanner.io.project_places import open_at
    from gridplanner.project_at_work import worked_on

    if options.dry_run:
        saved = open_at(options.project)
        yield saved.project, saved.mark, None
        return
    with worked_on(options.project, options.project, progress.say) as work:
        yield work.project, work.mark, work


def run_compare(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    """Print what differs between two files, and write the table; raises InputError, ProjectFileError."""
    from gridplanner.io.comparison_table import KINDS, write_comparison
    from gridplanner.io.project_places import open_at
    from gridplanner.planning.file_comparison import compare_files

    if options.out and options.out.suffix.lower() not in KINDS:
        raise InputError(_("{file}: a comparison is written as .csv or .xlsx").format(file=options.out))
    found = compare_files(open_at(options.before).project, open_at(options.after).project)
    progress.clear()
    if options.out:
        if found.comparison is None:
            raise InputError(_("There is no table to write: one of the projects has no grid plan"))
        titles = (options.before.name, options.after.name)
        write_comparison(dataclasses.replace(found.comparison, titles=titles), options.out)
        progress.say(_("Saved: {file}").format(file=options.out))
    if options.json:
        print(json.dumps(_comparison_values(found), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_comparison_lines(found)))
    return DONE if found.is_same else FOUND


def _row(path: Path, pack: Pack, found: Merge, told: list[str]) -> dict[str, object]:
    """Return what a package brought as plain values."""
    lease = {name: getattr(pack.handout, name) for name in ("package_id", "to", "until", "communities")}
    return {
        "file": str(path), **lease, "taken": dataclasses.asdict(found.taken), "notes": told,
        "conflicts": [{**dataclasses.asdict(one), "choice": found.choices.get(one.key)} for one in found.conflicts],
    }  # fmt: skip


def _tell(path: Path, pack: Pack, found: Merge, told: list[str], project: Project, progress: ConsoleProgress) -> None:
    progress.clear()
    taken = found.taken
    units = ngettext("{n} unit", "{n} units", taken.units).format(n=f"{taken.units:,}")
    grids = ngettext("{n} grid", "{n} grids", len(taken.grids)).format(n=f"{len(taken.grids):,}")
    print(_("{file} ({whom}): {units}, {grids}").format(file=path.name, whom=pack.handout.to, units=units, grids=grids))
    for line in told:
        print(f"  {line}")
    names = dict(zip(project.communities.codes.tolist(), project.communities.names.tolist(), strict=True))
    for one in found.conflicts:
        where = [
            names.get(one.community, one.community),
            *([f"{one.x:.0f} {one.y:.0f}"] if one.x is not None and one.y is not None else []),
        ]
        print("  ! " + _("{what} ({where})").format(what=one.what, where=_(", ").join(filter(None, where))))
        for side, whose, words in (("mine", _("the project"), one.mine), ("theirs", _("the package"), one.theirs)):
            print(f"      {side} ({whose}): {words}" + (" ←" if found.choices.get(one.key) == side else ""))


def _comparison_values(found: FileComparison) -> dict[str, object]:
    values: dict[str, object] = {
        "same": found.is_same, "addresses_gone": found.gone, "addresses_new": found.came, "addresses_changed": found.changed,
        "households": list(found.households), "fields": list(found.fields), "settings": list(found.settings),
    }  # fmt: skip
    if found.comparison is not None:
        moves = found.comparison.moves
        rows = zip(moves.community.tolist(), moves.before_code.tolist(), moves.after_code.tolist(), moves.households.tolist(), strict=True)
        values |= {
            "moved_households": found.comparison.moved, "planned_households": found.comparison.planned,
            "totals": [dataclasses.asdict(one) for one in found.comparison.totals],
            "moves": [dict(zip(("community", "from", "to", "households"), row, strict=True)) for row in rows],
        }  # fmt: skip
    return values


def _comparison_lines(found: FileComparison) -> list[str]:
    from gridplanner.model.change_words import part_words

    if found.is_same:
        return [_("The two files hold the same project")]
    lines = []
    if found.gone or found.came or found.changed:
        text = _("Addresses: {gone} only in the first, {came} only in the second, {changed} with other counts")
        lines.append(text.format(gone=f"{found.gone:,}", came=f"{found.came:,}", changed=f"{found.changed:,}"))
    one = found.comparison
    if one is not None:
        text = _("Households in another grid: {moved} of {planned} ({share})")
        lines.append(text.format(moved=f"{one.moved:,.0f}", planned=f"{one.planned:,.0f}", share=f"{one.share:.1%}"))
        moves = one.moves
        for row in range(len(moves)):
            codes = f"{moves.before_code[row] or '–'} → {moves.after_code[row] or '–'}"
            lines.append(f"  {moves.community[row]}  {codes}  {moves.households[row]:,.0f}")
    named = [part_words(name) if name != "settings" else f"{part_words(name)} [{', '.join(found.settings)}]" for name in found.fields]
    lines.append(_("Parts that differ: {names}").format(names=_(", ").join(named)))
    return lines
