"""The files of what was dropped: folders are searched to a bounded depth, number and size, and what was left out is told."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gridplanner.i18n import _
from gridplanner.io.connections import in_database, name_and_table
from gridplanner.io.osm import is_osm

SUFFIXES = (
    ".shp", ".gpkg", ".geojson", ".json", ".kml", ".gml", ".tab", ".mif", ".dxf", ".gpx", ".csv", ".tsv", ".xlsx", ".ods", ".fgb", ".dbf",
    ".zip", ".kmz", ".gdb",
)  # fmt: skip
REFUSED = (".xls", ".et", ".dwg", ".rar", ".7z", ".mdb", ".vct", ".e00")  # data that is not read: a folder's is named and not passed over
DATABASE = ".gdb"  # a folder that is one file to its makers
DEEPEST = 8  # folders within folders
MOST_FILES = 500
MOST_NAMED = 8
MOST_ENTRIES = 50_000  # names looked at: a whole disk dropped by mistake ends here
MOST_BYTES = 8 << 30


@dataclass(frozen=True)
class FoundFiles:
    """Files to look into, in the order of their names, and for each folder that was cut short a sentence that says so."""

    files: tuple[Path, ...]
    cuts: tuple[tuple[Path, str], ...] = ()


def find_files(paths: Iterable[Path]) -> FoundFiles:
    """Return the files given, and those in the folders given that could be data; raises InputError for the address of a database."""
    files: list[Path] = []
    cuts: list[tuple[Path, str]] = []
    for path in paths:
        if in_database(path):
            name_and_table(path)  # an address may hold a password, which no report is to repeat
        if path.is_dir() and path.suffix.lower() != DATABASE:
            inside, cut = _search(path)
            files += inside
            cuts += [(path, words) for words in cut]
        else:
            files.append(path)
    return FoundFiles(tuple(dict.fromkeys(files)), tuple(cuts))


def _search(folder: Path) -> tuple[list[Path], list[str]]:
    """Return the data files of a folder, and what was left out in words."""
    cut: list[str] = []
    every = list(_walk(folder, 0, [MOST_ENTRIES], cut))
    found = [path for path in every if path.suffix.lower() in SUFFIXES or is_osm(path)]
    refused = sorted(path.name for path in every if path.suffix.lower() in REFUSED)
    if refused:
        text = _("files of formats that are not read were left out: {names}; save them as .xlsx, .dxf or .shp, or unpack them")
        cut.append(text.format(names=", ".join(refused[:MOST_NAMED]) + (" …" if len(refused) > MOST_NAMED else "")))
    if not found and not refused and not cut:
        cut.append(_("the folder {folder} holds no file with data").format(folder=folder.name))
    tables = {path.with_suffix("") for path in found if path.suffix.lower() == ".shp"}
    found = sorted(path for path in found if path.suffix.lower() != ".dbf" or path.with_suffix("") not in tables)
    if len(found) > MOST_FILES:
        more = len(found) - MOST_FILES
        cut.append(_("files left out: {n}; drop their folders one by one").format(n=f"{more:,}"))
        found = found[:MOST_FILES]
    size = 0
    within: list[Path] = []
    for path in found:
        size += path.stat().st_size
        if size > MOST_BYTES and within:
            text = _("only the first {n} files were looked into, the rest is larger than {size} GiB; drop single files instead")
            cut.append(text.format(n=len(within), size=MOST_BYTES >> 30))
            break
        within.append(path)
    return within, list(dict.fromkeys(cut))


def _walk(folder: Path, depth: int, left: list[int], cut: list[str]) -> Iterator[Path]:
    """Yield the files below a folder; `left` counts down the names that may still be looked at."""
    try:
        with os.scandir(folder) as entries:
            names = sorted(entries, key=lambda entry: entry.name)
    except OSError as why:
        cut.append(_("the folder {folder} cannot be read: {why}").format(folder=folder.name, why=why.strerror or why))
        return
    for entry in names:
        left[0] -= 1
        if left[0] < 0:
            cut.append(_("only the first {n} names were looked at; drop a smaller folder").format(n=f"{MOST_ENTRIES:,}"))
            return
        if entry.name.startswith((".", "~$")):
            continue
        try:
            is_folder, is_file = entry.is_dir(follow_symlinks=False), entry.is_file()
        except OSError:  # a link that leads in circles
            continue
        if is_folder and entry.name.lower().endswith(DATABASE):
            yield Path(entry.path)
        elif is_folder:
            if depth + 1 >= DEEPEST:
                cut.append(_("folders deeper than {n} were left out; drop them by themselves").format(n=DEEPEST))
                continue
            yield from _walk(Path(entry.path), depth + 1, left, cut)
        elif is_file:
            yield Path(entry.path)
