"""The package (.gridpack): communities of a project handed out, as they were then and as they are now, with the lease.

A zip of three files: `manifest.json` (the lease), `base.gridplan` (as it was handed out, never changed) and `work.gridplan`.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
import time
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from algorithms.progress import SILENT, Progress, Span
from gridplanner import __version__
from gridplanner.errors import EditRejected, InputError, ProjectFileError
from gridplanner.i18n import _
from gridplanner.io.keeping.swap import swapped
from gridplanner.io.pack_members import BASE, MANIFEST, MOST_MANIFEST, WORK, opened_pack, read_member, unpack_member
from gridplanner.io.project_file import open_saved, save_saved
from gridplanner.io.saved import ChangedProjectError, Mark, Saved, new_id
from gridplanner.model.handout import community_keys, community_states, part_of_project, rows_of_keys
from gridplanner.model.leases import Handout
from gridplanner.model.project import Project
from gridplanner.model.scenarios import scenario_title
from gridplanner.settings import check_date
from gridplanner.who import who

SUFFIX = ".gridpack"
FORMAT = "gridplanner package"
FORMAT_VERSION = 1
_ID = re.compile(r"[0-9a-f]{32}")
_SAVE = re.compile(r"(earlier-)?[0-9a-f]{32}")  # a file of an earlier version has no save of its own: project_text.py names it
_MOST_TEXT = 500  # characters of a name


@dataclass(frozen=True, eq=False)
class Pack:
    """A package: its lease, the communities as they were handed out, and as whoever has them made them."""

    handout: Handout
    base: Saved
    work: Saved


def is_pack(path: Path) -> bool:
    """Return whether a path is that of a package."""
    return path.suffix.lower() == SUFFIX


def new_handout(project: Project, mark: Mark, communities: Iterable[str], to: str, until: str) -> Handout:
    """Return the lease of some communities (keys) of a project as it was saved; `until` is YYYY-MM-DD or empty.

    Raises InputError for a day that is none, for no community, for one that is not there, and for a project without name (never saved).
    """
    keys = tuple(dict.fromkeys(communities))
    if not keys:
        raise InputError(_("Choose at least one community"))
    if not mark.project_id:
        raise InputError(_("Save the project first; a package is part of a saved project"))
    try:
        if until:
            check_date(until)
        rows_of_keys(project.communities, keys)
    except (ValueError, EditRejected) as why:
        raise InputError(str(why)) from None
    states = community_states(project, keys)
    return Handout(
        new_id(), mark.project_id, mark.save_id, keys, to.strip()[:_MOST_TEXT], until, time.time(), who(), states, project.scenario
    )


def write_pack(path: Path, project: Project, handout: Handout, progress: Progress = SILENT) -> None:
    """Write the communities of a lease as a new package; raises ProjectFileError where it cannot be written, or where one is already."""
    if path.exists():  # it may hold somebody's work
        raise ProjectFileError(_("{file}: is there already; a package that was handed out is not written over").format(file=path))
    part = part_of_project(project, rows_of_keys(project.communities, handout.communities))
    with TemporaryDirectory(prefix="gridplanner-pack-") as folder:
        base, work = Path(folder, BASE), Path(folder, WORK)
        saved = Saved(part, Mark(project_id=handout.package_id))
        save_saved(saved, base, Span(progress, 0.0, 0.4))
        save_saved(saved, work, Span(progress, 0.4, 0.8))
        _write(path, handout, base, work)
    progress.report(1.0, _("Packing"))


def open_pack(path: Path) -> Pack:
    """Return a package; raises ProjectFileError where it is missing, damaged, of another kind or hostile."""
    with TemporaryDirectory(prefix="gridplanner-pack-") as folder, opened_pack(path) as archive:
        handout = _handout(path, read_member(archive, MANIFEST, MOST_MANIFEST))
        return Pack(handout, _member(path, archive, BASE, folder), _member(path, archive, WORK, folder))


def handout_of(path: Path) -> Handout:
    """Return the lease of a package without opening what is in it; raises ProjectFileError as `open_pack` does."""
    with opened_pack(path) as archive:
        return _handout(path, read_member(archive, MANIFEST, MOST_MANIFEST))


def open_pack_saved(path: Path) -> Saved:
    """Return the work in a package, to go on with; raises ProjectFileError as `open_pack` does."""
    with TemporaryDirectory(prefix="gridplanner-pack-") as folder, opened_pack(path) as archive:
        _handout(path, read_member(archive, MANIFEST, MOST_MANIFEST))
        return _member(path, archive, WORK, folder)


def save_pack(saved: Saved, path: Path, progress: Progress = SILENT, *, expected: str = "") -> Mark:
    """Write the work back into its package and return the mark of the save; what was handed out stays in it as it was.

    Raises ProjectFileError where there is no package, or it cannot be written, ChangedProjectError where `expected` is no longer its save.
    """
    if not path.is_file():
        text = _("{file}: a package is made by handing out communities; save the work in its own package, or as a project (.gridplan)")
        raise ProjectFileError(text.format(file=path))
    with TemporaryDirectory(prefix="gridplanner-pack-") as folder:
        base, work = Path(folder, BASE), Path(folder, WORK)
        with opened_pack(path) as archive:
            handout = _handout(path, read_member(archive, MANIFEST, MOST_MANIFEST))
            with base.open("wb") as stream:
                unpack_member(archive, BASE, stream)
            there = _member(path, archive, WORK, folder).mark if expected else Mark()
        if saved.mark.project_id and saved.mark.project_id != handout.package_id:
            text = _("{file}: is the package of other communities; save under another name")
            raise ProjectFileError(text.format(file=path))
        if expected and there.save_id != expected:
            when = time.strftime("%Y-%m-%d %H:%M", time.localtime(there.at)) if there.at else "?"
            text = _("{file}: changed by {who} at {when} since you opened it, so it was not overwritten: take their work in, or save under "
                     "another name")  # fmt: skip
            raise ChangedProjectError(text.format(file=path, who=there.who or "?", when=when), there)
        kept = dataclasses.replace(saved, mark=dataclasses.replace(saved.mark, project_id=handout.package_id))
        mark = save_saved(kept, work, Span(progress, 0.0, 0.9))
        _write(path, handout, base, work)
    return mark


def lease_words(handout: Handout, day: str = "") -> str:
    """Return what is to be told of a lease on a day (today): that it is over; empty where it is not."""
    if not handout.is_over(day or date.today().isoformat()):
        return ""
    text = _("The lease of {whom} ended on {day}: others may work on these communities again. The work is taken in as any other; what both "
             "changed is asked for.")  # fmt: skip
    return text.format(whom=handout.to or "?", day=handout.until)


def check_pack(handout: Handout, mark: Mark, project: Project) -> None:
    """Raise ProjectFileError where a package is of another project or scenario, or of communities that are there no longer."""
    if mark.project_id and handout.project_id != mark.project_id:
        text = _("Package {package} for {whom} is of another project; open the one that it was handed out from")
        raise ProjectFileError(text.format(package=handout.package_id[:6], whom=handout.to or "?"))
    if handout.scenario != project.scenario:
        text = _("Package {package} is of the plan “{scenario}”; switch to it first")
        raise ProjectFileError(text.format(package=handout.package_id[:6], scenario=scenario_title(handout.scenario)))
    known = set(community_keys(project.communities))
    missing = [key for key in handout.communities if key not in known]
    if missing:
        text = _("The project has no community {code} any more, which package {package} is of; communities were read anew since")
        raise ProjectFileError(text.format(code=missing[0], package=handout.package_id[:6]))


def _member(path: Path, archive: zipfile.ZipFile, name: str, folder: str) -> Saved:
    """Return a project of the package, by way of a file of ours that is called as we like."""
    place = Path(folder, f"read-{name}")
    with place.open("wb") as stream:
        unpack_member(archive, name, stream)
    try:
        return open_saved(place)
    except ProjectFileError as why:
        words = str(why).replace(f"{place}: ", "")
        raise ProjectFileError(_("{file}: the package is damaged: {why}").format(file=path, why=words)) from None
    finally:
        place.unlink(missing_ok=True)


def _write(path: Path, handout: Handout, base: Path, work: Path) -> None:
    about = {"format": FORMAT, "version": FORMAT_VERSION, "program": __version__, "handout": dataclasses.asdict(handout)}
    size = base.stat().st_size + work.stat().st_size
    with swapped(path, size=size) as beside, _new_zip(beside) as archive:
        archive.writestr(MANIFEST, json.dumps(about, ensure_ascii=False, indent=1))
        archive.write(base, BASE)
        archive.write(work, WORK)


def _new_zip(path: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=False, compresslevel=1)


def _handout(path: Path, data: bytes) -> Handout:
    """Return the lease in a manifest, each value checked; raises ProjectFileError."""
    try:
        about = json.loads(data.decode("utf-8"))
        if about["format"] != FORMAT:
            raise ValueError
        if int(about["version"]) > FORMAT_VERSION:
            text = _("{file}: was made by a newer gridplanner ({program}); open it with that version or a later one")
            raise ProjectFileError(text.format(file=path, program=str(about.get("program", "?"))[:40]))
        return _checked(about["handout"])
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
        raise ProjectFileError(_("{file}: the package is damaged or of another kind; get it again").format(file=path)) from None


def _checked(found: dict[str, Any]) -> Handout:
    package, project, save = (str(found[name]) for name in ("package_id", "project_id", "save_id"))
    if not (_ID.fullmatch(package) and _ID.fullmatch(project) and (not save or _SAVE.fullmatch(save))):
        raise ValueError
    communities, states = (tuple(str(one)[:_MOST_TEXT] for one in found[name]) for name in ("communities", "states"))
    at = float(found["at"])
    until = str(found["until"])
    if until:
        check_date(until)
    if not communities or not math.isfinite(at):
        raise ValueError
    to, by, scenario = (str(found.get(name, ""))[:_MOST_TEXT] for name in ("to", "who", "scenario"))
    return Handout(package, project, save, communities, to, until, at, by, states, scenario)
