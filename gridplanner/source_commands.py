"""Commands about data on its way in: what is in files, a new project, and sources read into a project."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.nearest import nearest_word
from gridplanner.progress import SILENT
from gridplanner.settings import SOURCES, JoinSettings, ProjectSettings, Settings, SourceSettings
from gridplanner.source_settings import DATABASE

if TYPE_CHECKING:
    from gridplanner.console import ConsoleProgress
    from gridplanner.io.source_report import SourceReport
    from gridplanner.progress import Progress

DONE, WRONG = 0, 2
MOST_SAID = 5  # findings of one kind that are said on the way
AddCommand = Callable[[str, object, str, str], argparse.ArgumentParser]
_EACH = ("datum", "encoding", "where", "crs", "axes", "scale")  # settings of a source that an option of the same name sets, KEY=VALUE


def add_source_commands(add: AddCommand) -> None:
    """Add `inspect`, `new` and `import`; `add` makes a parser of a name, what runs it, its help and its example."""
    inspect = add("inspect", run_inspect, _("tell what is in source files"), "gridplanner inspect town.osm.pbf households.gpkg")
    inspect.add_argument("files", type=Path, nargs="+", metavar="FILE", help=_("files, folders, or postgis:NAME"))
    inspect.add_argument("--rows", type=int, default=3, metavar="N", help=_("first rows that are shown of each layer (default: 3)"))
    inspect.add_argument("--json", action="store_true", help=_("print the findings as JSON on standard output"))

    new = add("new", run_new, _("make an empty project file"), "gridplanner new town.gridplan --name Xijiao --crs EPSG:4545")
    new.add_argument("project", type=Path, metavar="PROJECT.gridplan", help=_("project file to make"))
    new.add_argument("--name", help=_("name of the project (default: that of the file)"))
    new.add_argument("--crs", default="auto", help=_("coordinate system in metres, such as EPSG:4545 (default: auto, by the data)"))

    take = add(
        "import", run_import, _("read source files into a project; what each is is told, or guessed"),
        "gridplanner import town.gridplan roads=town.osm.pbf households=homes.csv --field households.households=户数",
    )  # fmt: skip
    take.add_argument("project", type=Path, metavar="PROJECT.gridplan", help=_("project file (.gridplan)"))
    text = _("a file for a source, such as communities=town.gpkg:社区; a file alone is taken for what it looks like")
    take.add_argument("sources", nargs="+", metavar="KEY=FILE[:LAYER]|FILE", help=text)
    text = _("the field of a word, such as households.persons=人口; give it again for several")
    take.add_argument("--field", action="append", default=[], metavar="KEY.WORD=NAME", help=text)
    text = _("a table whose codes are a layer's: its file, its field of codes and the layer's, such as households=counts.xlsx,楼号,BH")
    take.add_argument("--join", action="append", default=[], metavar="KEY=FILE,CODE,TO", help=text)
    helps = {
        "datum": _("what the coordinates are in: wgs84, cgcs2000, gcj02 or bd09"), "encoding": _("encoding of the text, such as gb18030"),
        "where": _("which rows are read, such as \"roads=highway IS NOT NULL\""), "crs": _("coordinate system in place of the file's"),
        "axes": _("xy, or yx where latitude or northing stands first"), "scale": _("what coordinates are multiplied by, such as 0.000001"),
    }  # fmt: skip
    for name in _EACH:
        take.add_argument(f"--{name}", action="append", default=[], metavar="KEY=VALUE", help=helps[name])
    take.add_argument("--json", action="store_true", help=_("print what was taken for what as JSON on standard output"))


def run_inspect(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    """Tell what is in files; exit code 2 where one of them cannot be read."""
    from gridplanner.io.inspection import inspect
    from gridplanner.report_text import report_lines, report_values

    reports = inspect(options.files, progress if len(options.files) > 1 or options.files[0].is_dir() else SILENT)
    progress.clear()
    if options.json:
        print(json.dumps([report_values(report) for report in reports], ensure_ascii=False, indent=1, default=str))
    else:
        print("\n\n".join("\n".join(report_lines(report, options.rows)) for report in reports))
    return DONE if all(report.readable for report in reports) else WRONG


def run_new(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    """Make an empty project file; one that is there already is left alone."""
    from gridplanner.io.crs import check_projected
    from gridplanner.io.project_file import save_project
    from gridplanner.model.project import Project

    path: Path = options.project
    if path.suffix.lower() != ".gridplan":
        raise InputError(_("{file}: a project file ends in .gridplan; write {name}").format(file=path, name=f"{path}.gridplan"))
    if path.exists():
        text = _("{file}: is there already; give another name, or read sources into it: gridplanner import {file} FILE")
        raise InputError(text.format(file=path))
    crs = options.crs if options.crs.lower() == "auto" else check_projected(options.crs)
    settings = Settings(project=ProjectSettings(name=path.stem if options.name is None else options.name, crs=crs))
    save_project(Project(settings=settings), path)
    progress.say(_("Saved: {file}").format(file=path))
    return DONE


def run_import(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    """Read sources into a project file and save it; where anything cannot be read the file stays as it was."""
    from algorithms.progress import Span
    from gridplanner.fresh_data import import_some
    from gridplanner.issue_lines import issue_lines
    from gridplanner.project_at_work import worked_on

    with worked_on(options.project, options.project, progress.say) as work:
        sources = _wanted(options, Span(progress, 0.0, 0.2), progress.say)
        for key, source in sources.items():
            progress.say(source_line(key, source))
        edit = import_some(work.project, sources, Span(progress, 0.2, 0.9))
        project = edit.apply(work.project)
        progress.check()
        work.save(project, edit.words, Span(progress, 0.9, 1.0))
    told = [issue for issue in project.read_issues if issue.layer in sources]
    for words in issue_lines((issue for issue in told if issue.x is None), MOST_SAID):
        progress.say(words)
    progress.say(_("Saved: {file}").format(file=options.project))
    if options.json:
        progress.clear()
        rows = {came.source: came.count for came in project.provenance}
        values: dict[str, Any] = {
            "sources": {key: {**dataclasses.asdict(source), "rows": rows.get(key)} for key, source in sources.items()},
            "issues": [{"level": str(issue.level), "source": issue.layer, "message": issue.message} for issue in told],
        }
        print(json.dumps(values, ensure_ascii=False, indent=1, default=str))
    return DONE


def _wanted(options: argparse.Namespace, progress: Progress, say: Callable[[str], None]) -> dict[str, SourceSettings]:
    """Return the sources that were named or found in the files; raises InputError where one cannot be read or says not what it is."""
    from gridplanner.io.inspection import inspect
    from gridplanner.io.source_guess import guessed_sources, source_of

    keyed, alone = _keyed(options.sources)
    paths = [*(Path(path) for path, _layer in keyed.values()), *map(Path, alone)]
    reports = inspect(dict.fromkeys(paths), progress)
    named = {str(path) for path in paths if not path.is_dir()}
    for report in reports:
        if not report.readable and report.path in named:
            raise InputError(report.problems[0])
        if not report.readable:  # what a folder holds beside the data does not stand in its way
            say(report.problems[0])
    sources = {key: source_of(_report(reports, path, layer, key), key) for key, (path, layer) in keyed.items()}
    if alone:
        own = [report for report in reports if not any(Path(path) == Path(report.path) for path, _layer in keyed.values())]
        guess = guessed_sources(own, without=frozenset(sources))
        sources |= guess.sources
        for words in guess.left_out:
            say(words)
        if not sources:
            raise InputError(_("none of the files says what it is; write KEY=FILE, such as households={file}").format(file=alone[0]))
    sources = {key: _asked(key, source, options) for key, source in _with_joins(sources, options.join).items()}
    _check_keys(options, sources)
    return sources


def source_line(key: str, source: SourceSettings) -> str:
    """Return in one line what a source is read from, and which of its fields mean what."""
    words = [f"{key}: {Path(source.path).name}" + (f" ({source.layer})" if source.layer else "")]
    words += [f"where {source.where}"] if source.where else []
    words += [f"+ {Path(source.join.path).name} ({source.join.key} = {source.join.to})"] if source.join else []
    words += [", ".join(f"{word} = {name}" for word, name in source.fields.items())] if source.fields else []
    return "; ".join(words)


def _keyed(words: Sequence[str]) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """Return the file and layer of each source that is named, and the files alone."""
    keyed: dict[str, tuple[str, str]] = {}
    alone: list[str] = []
    for word in words:
        key, sign, path = word.partition("=")
        if not sign or Path(word).exists():
            alone.append(word)
            continue
        _check_key(key)
        if not path:
            raise InputError(_("{key}= names no file").format(key=key))
        keyed[key] = _path_and_layer(path)
    return keyed, alone


def _path_and_layer(text: str) -> tuple[str, str]:
    """Return a path and the layer behind its last colon; a colon that belongs to the path stays."""
    path, sign, layer = text.rpartition(":")
    if text.startswith(DATABASE):
        path, sign, layer = text.removeprefix(DATABASE).partition(":")
        return f"{DATABASE}{path}", layer
    return (path, layer) if sign and not Path(text).exists() and Path(path).exists() else (text, "")


def _report(reports: Sequence[SourceReport], path: str, layer: str, key: str) -> SourceReport:
    """Return the report of the layer that is to be read; raises InputError where there are several to choose from."""
    from gridplanner.io.open_source import GEOMETRY

    mine = [report for report in reports if Path(report.path) == Path(path)]
    if layer:
        names = [report.layer for report in mine]
        if layer not in names:
            text = _("{file}: there is no layer “{layer}”; {hint}")
            raise InputError(text.format(file=path, layer=layer, hint=nearest_word(layer, names)))
        mine = [mine[names.index(layer)]]
    fitting = [report for report in mine if report.role == key] or [report for report in mine if report.geometry in GEOMETRY[key]]
    chosen = mine if len(mine) == 1 else fitting
    if not chosen:
        raise InputError(_("{file}: holds nothing for [sources.{key}]").format(file=path, key=key))
    if len(chosen) > 1:
        text = _("{file}: has several layers for {key} ({layers}); say which, such as {key}={file}:{first}")
        layers = [report.layer for report in chosen]
        raise InputError(text.format(file=path, key=key, layers=", ".join(layers), first=layers[0]))
    return chosen[0]


def _with_joins(sources: dict[str, SourceSettings], joins: Sequence[str]) -> dict[str, SourceSettings]:
    for text in joins:
        key, _sign, rest = text.partition("=")
        parts = rest.rsplit(",", 2)
        if key not in sources or len(parts) != 3:
            raise InputError(_("--join {text}: write KEY=FILE,CODE,TO for a source that is imported").format(text=text))
        path, layer = _path_and_layer(parts[0])
        try:
            join = JoinSettings(path, parts[1], parts[2], layer)
        except ValueError as why:
            raise InputError(f"--join {text}: {why}") from None
        sources = {**sources, key: dataclasses.replace(sources[key], join=join)}
    return sources


def _asked(key: str, source: SourceSettings, options: argparse.Namespace) -> SourceSettings:
    """Return a source with what the options say of it; raises InputError for a value that cannot be."""
    fields = dict(source.fields)
    for text in options.field:
        name, _sign, field = text.partition("=")
        if name.partition(".")[0] == key:
            fields.pop(name.partition(".")[2], None)
            fields |= {name.partition(".")[2]: field} if field else {}
    values: dict[str, Any] = {
        name: value.partition("=")[2] for name in _EACH for value in getattr(options, name) if value.partition("=")[0] == key
    }
    try:
        if "scale" in values:
            values["scale"] = float(values["scale"])
        path = source.path if source.in_database else str(Path(source.path).resolve())
        return dataclasses.replace(source, path=path, fields=fields, **values)
    except ValueError as why:
        raise InputError(f"[sources.{key}] {why}") from None


def _check_keys(options: argparse.Namespace, sources: dict[str, SourceSettings]) -> None:
    """Raise InputError where an option speaks of a source or a word that is not there."""
    from gridplanner.io.fields import check_words

    for name in ("field", *_EACH):
        for text in getattr(options, name):
            key, _sign, _value = text.partition("=")
            key, dot, word = key.partition(".")
            if not _sign or (name == "field" and not dot):
                form = "KEY.WORD=NAME" if name == "field" else "KEY=VALUE"
                raise InputError(_("--{name} {text}: write {form}").format(name=name, text=text, form=form))
            _check_key(key)
            if key not in sources:
                raise InputError(_("--{name} {text}: no file is imported for {key}").format(name=name, text=text, key=key))
            if name == "field":
                check_words(key, [word])


def _check_key(key: str) -> None:
    if key not in SOURCES:
        raise InputError(_("{key} is not a source; {hint}").format(key=key, hint=nearest_word(key, SOURCES)))
