"""`gridplanner benchmark NAME`: which benchmarks there are, what they print and what they keep."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gridplanner.console import ConsoleProgress
from gridplanner.errors import InputError
from gridplanner.i18n import _

if TYPE_CHECKING:
    from gridplanner.benchmarks.table import Row

DONE, MISSED = 0, 1
SEEDS, FEWER = 5, {"routing": 3, "rail": 3}  # unless asked for another number


@dataclass(frozen=True)
class Asked:
    """What the command line asked of a benchmark; `cases` empty: all."""

    quick: bool
    seeds: int
    cases: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What a benchmark gave: its rows, notes for who reads them, and over how many seeds."""

    rows: Sequence[Row]
    notes: Sequence[str] = ()
    seeds: int = 1


def _partition(asked: Asked, progress: ConsoleProgress) -> Found:
    from gridplanner.benchmarks.partition import NOTES, benchmark_partition, case_names
    from gridplanner.benchmarks.peer_runs import PEERS
    from gridplanner.benchmarks.real_towns import DATA

    _check_cases(asked.cases, case_names())
    missing = [name for name in (PEERS, DATA) if not os.environ.get(name)]
    if missing:
        progress.say(_("Not set, so what needs it is left out: {names}").format(names=", ".join(missing)))
    rows, left_out = benchmark_partition(progress, quick=asked.quick, seeds=asked.seeds, cases=asked.cases)
    if left_out:
        progress.say(_("Left out for lack of time: {names}").format(names=", ".join(left_out)))
    without = [f"Measured without {', '.join(missing)}: what needs it is left out."] if missing else []
    without += [f"Left out for lack of time: {', '.join(left_out)}."] if left_out else []
    return Found(rows, (*NOTES, *without), asked.seeds)


def _published(asked: Asked, progress: ConsoleProgress) -> Found:
    from gridplanner.benchmarks.published import NOTES, benchmark_published, case_names

    _check_cases(asked.cases, case_names())
    return Found(benchmark_published(progress, quick=asked.quick, cases=asked.cases), NOTES)


def _edits(asked: Asked, progress: ConsoleProgress) -> Found:
    from gridplanner.benchmarks.edits import NOTES, benchmark_edits

    progress.say(_("Timing edits by hand in made cities"))
    return Found(benchmark_edits(quick=asked.quick), NOTES)


def _canvas(asked: Asked, progress: ConsoleProgress) -> Found:
    from gridplanner.benchmarks.canvas import CASES, NOTES, benchmark_canvas

    _check_cases(asked.cases, CASES)
    return Found(benchmark_canvas(progress, quick=asked.quick, cases=asked.cases), NOTES)


def _beats(asked: Asked, progress: ConsoleProgress) -> Found:
    from gridplanner.benchmarks.beats import CASES, NOTES, benchmark_beats

    _check_cases(asked.cases, CASES)
    return Found(benchmark_beats(progress, quick=asked.quick, seeds=asked.seeds, cases=asked.cases), NOTES, asked.seeds)


def _routing(asked: Asked, progress: ConsoleProgress) -> Found:
    from gridplanner.benchmarks.routing import CASES, NOTES, benchmark_routing

    _check_cases(asked.cases, CASES)
    return Found(benchmark_routing(progress, quick=asked.quick, seeds=asked.seeds, cases=asked.cases), NOTES, asked.seeds)


def _rail(asked: Asked, progress: ConsoleProgress) -> Found:
    from gridplanner.benchmarks.rail import CASES, NOTES, benchmark_rail

    _check_cases(asked.cases, CASES)
    return Found(benchmark_rail(progress, quick=asked.quick, seeds=asked.seeds, cases=asked.cases), NOTES, asked.seeds)


def _torture(asked: Asked, progress: ConsoleProgress) -> Found:
    from gridplanner.benchmarks.torture import benchmark_torture, folder_names

    _check_cases(asked.cases, folder_names())
    rows, notes, cases = benchmark_torture(progress, cases=asked.cases)
    for case in cases:
        progress.say(case.words)
    return Found(rows, notes)


def _io(asked: Asked, progress: ConsoleProgress) -> Found:
    from gridplanner.benchmarks.io import CASES, NOTES, benchmark_io

    _check_cases(asked.cases, CASES)
    rows, left_out = benchmark_io(progress, quick=asked.quick, cases=asked.cases)
    for words in left_out:
        progress.say(words)
    return Found(rows, (*NOTES, *left_out))


def _durability(asked: Asked, progress: ConsoleProgress) -> Found:
    from gridplanner.benchmarks.durability import CASES, benchmark_durability

    _check_cases(asked.cases, CASES)
    return Found(*benchmark_durability(progress, quick=asked.quick, cases=asked.cases))


def _check_cases(asked: Sequence[str], names: Sequence[str]) -> None:
    unknown = [case for case in asked if case not in names]
    if unknown:
        text = _("there is no case {name}; the cases are {names}")
        raise InputError(text.format(name=unknown[0], names=", ".join(names)))


BENCHMARKS: dict[str, Callable[[Asked, ConsoleProgress], Found]] = {
    "partition": _partition,
    "published": _published,
    "edits": _edits,
    "canvas": _canvas,
    "beats": _beats,
    "routing": _routing,
    "rail": _rail,
    "io": _io,
    "torture": _torture,
    "durability": _durability,
}


def add_benchmark_arguments(parser: argparse.ArgumentParser) -> None:
    """Give the command its arguments."""
    parser.add_argument("name", choices=(*BENCHMARKS, "all", "readme"), help=_("what to measure; readme: write README § Benchmarks"))
    parser.add_argument("--quick", action="store_true", help=_("a smaller version within 50 s"))
    seeds = _("how many seeds; medians and the worst are shown (default: 5; routing, rail 3; quick 1)")
    parser.add_argument("--seeds", type=int, help=seeds)
    parser.add_argument("--case", action="append", default=[], dest="cases", help=_("only this case; give it again for several"))
    parser.add_argument("--json", action="store_true", help=_("print the figures as JSON on standard output"))
    parser.add_argument("--out", type=Path, help=_("keep the figures in a JSON file (all: in a folder)"))


def run_benchmark(options: argparse.Namespace, progress: ConsoleProgress) -> int:
    """Run what was asked for and return the exit code: 1 where a bar is missed."""
    if options.name == "readme":
        return _readme(options.out, progress)
    if options.seeds is not None and options.seeds < 1:
        raise InputError(_("--seeds is {n}; it must be 1 or more").format(n=options.seeds))
    rows: list[Row] = []
    for name in BENCHMARKS if options.name == "all" else (options.name,):
        if options.name == "all" and name in ("published", "routing", "torture") and not os.environ.get("GRIDPLANNER_TEST_DATA"):
            continue  # its data is not here, as the partition benchmark has said
        seeds = options.seeds or (1 if options.quick else FEWER.get(name, SEEDS))
        found = BENCHMARKS[name](Asked(options.quick, seeds, tuple(options.cases)), progress)
        rows += found.rows
        if options.out:
            _keep(name, found, options.out / f"{name}.json" if options.name == "all" else options.out)
    progress.clear()
    _print(rows, options.json)
    return MISSED if any(row.ok is False for row in rows) else DONE


def _keep(name: str, found: Found, path: Path) -> None:
    from gridplanner.benchmarks.kept_figures import kept_now, write_kept

    path.parent.mkdir(parents=True, exist_ok=True)
    write_kept(kept_now(name, found.rows, found.notes, found.seeds), path)


def _print(rows: Sequence[Row], as_json: bool) -> None:
    from gridplanner.benchmarks.kept_figures import table_of
    from gridplanner.benchmarks.table import print_table

    if as_json:
        print(json.dumps(table_of([dataclasses.asdict(row) for row in rows]), ensure_ascii=False, indent=1))
    else:
        print_table(rows)


def _readme(readme: Path | None, progress: ConsoleProgress) -> int:
    from gridplanner.benchmarks.readme import README, write_section

    count = write_section(readme or README)
    progress.say(_("{file}: {n} benchmarks").format(file=readme or README, n=count))
    return DONE
