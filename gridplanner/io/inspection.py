"""A look into files before they are read: layers, fields, counts, CRS, encoding, what each layer probably is, and what is wrong with it."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io import crs as systems
from gridplanner.io.connections import whole_source
from gridplanner.io.crs_guess import Neighbour, box_of, guess_crs
from gridplanner.io.doctor.coordinates import candidates
from gridplanner.io.doctor.encodings import encoding_choices
from gridplanner.io.doctor.join_choices import Codes, join_choices
from gridplanner.io.doctor.shifts import LayerSample, ShiftFinding, layer_sample, shift_findings
from gridplanner.io.doctor.table_places import guess_place_fields, with_places
from gridplanner.io.field_facts import facts_of
from gridplanner.io.first_rows import COLUMNS, ROWS, first_rows
from gridplanner.io.found_files import find_files
from gridplanner.io.open_source import READ, coordinates_of
from gridplanner.io.osm import is_osm
from gridplanner.io.osm_inspection import osm_reports
from gridplanner.io.roles import guess_fields, guess_role, role_by_names
from gridplanner.io.sampled_rows import sampled_rows
from gridplanner.io.source_report import FieldFacts as FieldFacts
from gridplanner.io.source_report import JoinChoice as JoinChoice
from gridplanner.io.source_report import SourceReport as SourceReport
from gridplanner.io.table import NOTHING, POLYGON, Table, finite_rows
from gridplanner.io.value_guess import guess_fields_by_values, role_by_values
from gridplanner.io.vector_files import LayerInfo, layer_info, list_layers, read_table
from gridplanner.progress import SILENT, Progress

SAMPLE = 2_000  # rows that say what is in the fields
MOST_SHAPES = 200_000  # whose geometry is looked at
MOST_CORNERS = 20_000  # coordinates that say what system they are in
MOST_BESIDE = 12  # layers by whose place the systems of another are judged
MOST_COMPARED = 8  # layers that are compared with each other for shifts, those first that show them best
SHEETS = (".xlsx", ".ods")
DRAWN_ON = "Layer"  # the field of a drawing that names the layer it was drawn on, which is no level of a street


@dataclass(frozen=True, eq=False)
class _Look:
    """A report with what it was made from: the places of the layer and its first rows with all their fields."""

    report: SourceReport
    table: Table | None = None
    sample: Table | None = None


def inspect(paths: Iterable[Path], progress: Progress = SILENT) -> list[SourceReport]:
    """Return a report for every layer of the files and of the files in the folders; a file that cannot be read has one that says why.

    Raises InputError for the address of a database, and Cancelled.
    """
    found = find_files(paths)
    looks: list[_Look] = []
    for number, path in enumerate(found.files):
        progress.report(0.8 * number / len(found.files), path.name)
        progress.check()
        try:
            looks += [_Look(report) for report in osm_reports(path)] if is_osm(path) else _layer_looks(path)
        except InputError as why:
            looks.append(_Look(SourceReport(str(path), "", "", 0, problems=(str(why),), readable=False)))
    progress.check()
    cuts = [SourceReport(str(path), "", "", 0, problems=(words,), readable=False) for path, words in found.cuts]
    return [*_together(looks, progress), *cuts]


def kind_of(table: Table) -> str:
    """Return the most frequent kind of geometry."""
    kinds, counts = np.unique(table.kinds[table.kinds != NOTHING], return_counts=True)
    return str(kinds[np.argmax(counts)]) if len(kinds) else ""


def _layer_looks(path: Path) -> list[_Look]:
    layers = list_layers(path)
    if not layers:
        raise InputError(_("{file}: has no layers; check that it is the right file").format(file=path))
    looks: list[_Look] = []
    path = whole_source(path)
    for layer in layers:
        try:
            looks.append(_layer_look(path, layer))
        except InputError as why:  # one damaged layer does not hide the others
            looks.append(_Look(SourceReport(str(path), layer, "", 0, problems=(str(why),), readable=False)))
    empty = [look for look in looks if not look.report.count and path.suffix.lower() in SHEETS]
    return [look for look in looks if look not in empty] if len(empty) < len(looks) else looks  # a workbook's unused sheets


def _layer_look(path: Path, layer: str) -> _Look:
    info = layer_info(path, layer)
    sample = read_table(path, layer, list(info.fields), limit=SAMPLE, places=False)
    places = guess_place_fields(sample) if not info.geometry and len(sample) else {}
    table = _places_of(path, layer, info, places)
    kind = kind_of(table) if table is not None else ""
    role = _role(path, layer, info, kind, places, sample)
    taken = {*places.values(), *([DRAWN_ON] if path.suffix.lower() == ".dxf" else [])}
    names = guess_fields(role, [name for name in info.fields if name not in taken])
    mapping = {**guess_fields_by_values(role, sample, names), **places} if role else dict(places)
    facts = facts_of(sample, role, mapping.get("work_phone", ""))
    if table is not None and len(sample) == info.count:  # a field that holds nothing means nothing; a table is filled in as time goes on
        mapping = {word: name for word, name in mapping.items() if name not in facts or facts[name].filled > 0.0 or not info.count}
    private = [name for name, fact in facts.items() if fact.private]
    notes = (table if table is not None else sample).notes
    mended = [text.format(**values) for text, values in ((_(text), values) for text, values in notes)]
    mended += _mended_shapes(table) if table is not None else []
    problems = list(mended)
    problems += _geometry_problems(table) if table is not None else [] if info.count else [_("the layer has no rows")]
    problems += _field_problems(facts)
    encoding = f"{info.encoding.name} ({info.encoding.why})" if info.encoding else "UTF-8"
    few = sample.select(np.arange(len(sample)) < ROWS)
    few = dataclasses.replace(few, columns={name: few.columns[name] for name in list(few.columns)[:COLUMNS]})
    report = SourceReport(
        str(path), layer, kind, info.count, info.fields, systems.describe(info.crs) if info.crs else "", encoding, role, mapping,
        problems=tuple(dict.fromkeys(problems)), box=box_of(coordinates_of(table)) if table is not None else None,
        codec=info.encoding.name if info.encoding else "", columns=tuple(few.columns),
        rows=first_rows(few, role, mapping.get("work_phone", ""), private), facts=facts, looked_at=len(sample), from_columns=bool(places),
        encodings=encoding_choices(path, layer), mended=tuple(dict.fromkeys(mended)), refused=tuple(_field_problems(facts)),
    )  # fmt: skip
    return _Look(report, table, sample)


def _places_of(path: Path, layer: str, info: LayerInfo, places: dict[str, str]) -> Table | None:
    """Return the places of a layer, of a large one those of some rows; None where it has none."""
    if info.geometry:
        return sampled_rows(path, layer, [], info.count, MOST_SHAPES, whole=False)
    if places:
        return with_places(read_table(path, layer, list(dict.fromkeys(places.values())), limit=MOST_SHAPES, places=False), places)
    return None


def _role(path: Path, layer: str, info: LayerInfo, kind: str, places: dict[str, str], sample: Table) -> str:
    """Return what a layer probably is: by the names of its file, layer and fields, else by what its fields hold, else by its geometry."""
    names = [path.stem, layer, *(name for name in info.fields if name not in places.values())]
    if places and (found := role_by_names("", names)) == "staff":
        return found
    found = role_by_names(kind, names[:2]) or (role_by_values(kind, sample) if len(sample) else "")
    return found or guess_role(kind, names, info.count)


def _geometry_problems(table: Table) -> list[str]:
    problems = []
    nowhere = int((table.kinds == NOTHING).sum())
    if not len(table):
        problems.append(_("the layer has no rows"))
    if nowhere:
        problems.append(_("{count} rows have no place").format(count=nowhere))
    kinds = [str(kind) for kind in np.unique(table.kinds) if kind != NOTHING]
    if len(kinds) > 1:
        problems.append(_("the layer mixes geometry: {kinds}").format(kinds=", ".join(kinds)))
    xy = coordinates_of(table)
    odd = int((~finite_rows(xy)).sum()) if len(xy) else 0
    if odd:
        problems.append(_("{count} coordinates are not numbers").format(count=odd))
    if table.crs and systems.is_known(table.crs) and systems.is_geographic(table.crs) and len(xy) and not systems.look_like_degrees(xy):
        problems.append(_("the coordinates do not fit the coordinate system: they are not degrees, or swapped"))
    return problems


def _mended_shapes(table: Table) -> list[str]:
    areas = table.kinds == POLYGON
    invalid = int((~shapely.is_valid(table.shapes[areas])).sum()) if areas.any() else 0
    return [_("{count} areas cross or touch themselves; they are mended when read").format(count=invalid)] if invalid else []


def _field_problems(facts: dict[str, FieldFacts]) -> list[str]:
    """Name the fields that hold what planning must not know."""
    text = _("the field “{field}” holds {what} and cannot be mapped")
    return [text.format(field=name, what=fact.holds) for name, fact in facts.items() if fact.private]


def _together(looks: Sequence[_Look], progress: Progress) -> list[SourceReport]:
    """Return the reports with what the layers say of each other: systems that fit those beside them, shifts, tables to be joined."""
    known = [
        Neighbour(Path(look.report.path).name, look.report.crs.split(" ")[0], look.report.box)
        for look in looks
        if look.report.box is not None and look.report.crs.startswith("EPSG:")
    ]
    shifts = _shifts(looks)
    codes = {id(look): _codes(look) for look in looks if look.sample is not None}
    tables = [of for of in codes.values() if not of.spatial]
    reports = []
    for number, look in enumerate(looks):
        progress.report(0.8 + 0.2 * number / len(looks))
        progress.check()
        report = _with_systems(look, known)
        if id(look) in codes and tables:
            report = dataclasses.replace(report, joins=join_choices(codes[id(look)], tables))
        reports.append(dataclasses.replace(report, shifts=shifts.get(id(look), ())))
    return reports


def _with_systems(look: _Look, known: Sequence[Neighbour]) -> SourceReport:
    """Return a report with the systems that its coordinates may be in; where the file does not say it, with the best guess."""
    report = look.report
    if report.box is None or look.table is None:
        return report
    corners = _some_corners(look.table)
    others = [other for other in known if other.box != report.box or other.name != Path(report.path).name][:MOST_BESIDE]
    said = look.table.crs if systems.is_known(look.table.crs) else ""
    report = dataclasses.replace(report, crs_candidates=candidates(corners, said, others))
    if report.crs:
        return report
    guess = guess_crs(corners, others)
    named = systems.describe(guess.code) if guess.code else _("choose one, or put its .prj beside it")
    words = _("the coordinate system is not given: {guess} ({why})").format(guess=named, why=guess.why)
    return dataclasses.replace(report, crs_guess=guess.code, crs_why=guess.why, problems=(words, *report.problems))


def _some_corners(table: Table) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    xy = coordinates_of(table)
    xy = xy[finite_rows(xy)]
    return xy[:: max(len(xy) // MOST_CORNERS, 1)]


def _shifts(looks: Sequence[_Look]) -> dict[int, tuple[ShiftFinding, ...]]:
    """Return by look what seems shifted against the layers beside it."""
    samples: list[LayerSample] = []
    owners: dict[str, int] = {}
    for number, look in enumerate(_telling(looks)):
        if look.table is None or not len(look.table) or not look.report.role or len(samples) == MOST_COMPARED:
            continue
        name = f"{Path(look.report.path).name} #{number}"  # two layers may have one name
        few = look.table.select(np.arange(len(look.table)) % max(len(look.table) // SAMPLE, 1) == 0)
        found = layer_sample(name, look.report.role, few, "" if look.report.crs else systems.WGS84)
        if found is not None:
            samples.append(found)
            owners[name] = id(look)
    found_by: dict[int, list[ShiftFinding]] = {}
    if len(samples) > 1:
        for shift in shift_findings(samples):
            against = shift.against.partition(" #")[0]
            values = {key: value.partition(" #")[0] if isinstance(value, str) else value for key, value in shift.values.items()}
            named = dataclasses.replace(shift, layer=shift.layer.partition(" #")[0], against=against, values=values)
            found_by.setdefault(owners[shift.layer], []).append(named)
    return {key: tuple(shifts) for key, shifts in found_by.items()}


def _telling(looks: Sequence[_Look]) -> list[_Look]:
    """Return looks in the order in which they show shifts best: one of each role before a second of any, for several may be one layer."""
    before: Counter[str] = Counter()
    turns: list[tuple[int, int]] = []
    for look in looks:
        role = look.report.role
        turns.append((before[role], READ.index(role) if role in READ else len(READ)))
        before[role] += 1
    return [looks[number] for number in sorted(range(len(looks)), key=turns.__getitem__)]


def _codes(look: _Look) -> Codes:
    assert look.sample is not None
    report = look.report
    return Codes(report.path, report.layer, report.count, "auto", look.sample, bool(report.geometry))
