"""Every file of a collection that breaks readers: read right, mended and told, or refused with words; nothing else counts as kept."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from algorithms.progress import Progress
from gridplanner.benchmarks.own_process import in_own_process
from gridplanner.benchmarks.table import Row, at_most
from gridplanner.benchmarks.torture_reading import CRASHED, READ, REFUSED, STOPPED, Outcome
from gridplanner.errors import InputError
from gridplanner.i18n import _

DATA = "GRIDPLANNER_TEST_DATA"  # folder that holds torture/
FOLDER = "torture"
WORKERS = 2
LONGEST, MOST = 5.0, 1024.0  # seconds, MiB
COUNTIES = (
    "城东区", "城中区", "城西区", "城北区", "大通回族土族自治县", "湟中县", "湟源县", "乐都区", "平安区", "民和回族土族自治县",
    "互助土族自治县", "化隆回族自治县", "循化撒拉族自治县",
)  # fmt: skip
TEXTS: dict[str, tuple[str, ...]] = {
    **{
        f"generated/{name}.shp": COUNTIES
        for name in (
            "cgcs2000_gk_zone_prefix", "cgcs2000_zone35_prefix", "dbf_more_rows", "dbf_truncated", "gbk_ldid4d", "gbk_no_cpg",
            "gbk_with_cpg", "lonlat_swapped", "no_prj", "no_shx", "utf8_cpg_says_gbk", "utf8_no_cpg", "中文 目录 空格/网格 边界",
        )
    },
    "generated/gb18030_rare_chars.shp": ("㙍𠮷村", *COUNTIES[1:]),
    "generated/gbk.geojson": ("西宁",),
    "gdal_shp/departs.shp": ("Frédéric", "Bàlicôt", "Pallaïssou"),
}  # fmt: skip
UNCOUNTED = (".osm", ".pbf")  # of which only what a plan needs is read


@dataclass(frozen=True)
class Case:
    """One file: what is known of it, and what came of reading it."""

    name: str
    gdal_opens: bool
    gdal_rows: int
    outcome: Outcome

    @property
    def folder(self) -> str:
        """The collection it is of."""
        return self.name.split("/")[0]

    @property
    def right(self) -> bool:
        """True where everything was read and nothing had to be told."""
        return self.outcome.kind == READ and not self.outcome.lost and not self.silent

    @property
    def silent(self) -> bool:
        """True where rows or texts are missing and nothing says so."""
        found = self.outcome
        if found.kind != READ:
            return False
        fewer = found.rows < self.gdal_rows and not self.name.endswith(UNCOUNTED)
        return (fewer and not found.lost) or tuple(found.texts) != TEXTS.get(self.name, tuple(found.texts))

    @property
    def words(self) -> str:
        """What came of it in a line: the kind, the rows beside GDAL's, and what was told."""
        found = self.outcome
        kind = "LOST SILENTLY" if self.silent else "read in part" if found.kind == READ and found.lost else found.kind
        beside = f"{found.rows} of {self.gdal_rows} rows" if self.gdal_opens else f"{found.rows} rows, GDAL none"
        counted = f" {beside}" if found.kind == READ else ""
        said = "; ".join(found.lost or found.told)
        return f"{self.name}: {kind}{counted}, {found.seconds:.2f} s, {found.mib:.0f} MiB{': ' if said else ''}{said}"


def benchmark_torture(progress: Progress, *, cases: Sequence[str] = ()) -> tuple[list[Row], list[str], list[Case]]:
    """Return rows by folder, notes that name what is not plainly read, and every file's case; InputError without the data."""
    folder = torture_folder()
    known = {name: line for name, line in _index(folder).items() if not cases or name.split("/")[0] in cases}
    names = list(known)
    shares = [names[at::WORKERS] for at in range(WORKERS)]
    progress.report(0.1, FOLDER)
    with ThreadPoolExecutor(WORKERS) as pool:
        runs = list(pool.map(lambda share: in_own_process("torture_reading", folder=str(folder), files=share), shares))
    outcomes = {name: Outcome(**found) for run in runs for name, found in run.items()}
    found = [Case(name, known[name][0], known[name][1], outcomes[name]) for name in names]
    rows: list[Row] = []
    for part in dict.fromkeys(case.folder for case in found):
        rows += _rows(part, [case for case in found if case.folder == part])
    return rows + (_rows("all", found) if not cases else []), _notes(found), found


def torture_folder() -> Path:
    """Return the folder of the files; InputError where it is not on this machine."""
    name = os.environ.get(DATA)
    folder = Path(name or "", FOLDER)
    if not name or not (folder / "INDEX.csv").is_file():
        text = _("the files that break readers are not here: set {name} to the folder that holds torture/")
        raise InputError(text.format(name=DATA))
    return folder


def folder_names() -> tuple[str, ...]:
    """Return the collections; none where they are not on this machine."""
    try:
        return tuple(dict.fromkeys(name.split("/")[0] for name in _index(torture_folder())))
    except InputError:
        return ()


def _index(folder: Path) -> Mapping[str, tuple[bool, int]]:
    with (folder / "INDEX.csv").open(encoding="utf-8", newline="") as stream:
        return {line["file"]: (line["gdal_opens"] == "yes", int(line["features"])) for line in csv.DictReader(stream)}


def _rows(name: str, cases: Sequence[Case]) -> list[Row]:
    kinds = Counter(case.outcome.kind for case in cases)
    right = sum(case.right for case in cases)
    silent = sum(case.silent for case in cases)
    slow = sum(case.outcome.kind == STOPPED or case.outcome.seconds > LONGEST for case in cases)
    return [
        Row(name, "files", len(cases)),
        Row(name, "read whole", right),
        Row(name, "read in part and told", kinds[READ] - right - silent),
        Row(name, "refused with words", kinds[REFUSED]),
        at_most(name, "crashes", kinds[CRASHED], 0),
        at_most(name, "hangs", slow, 0),
        at_most(name, "silent losses", silent, 0),
        at_most(name, "longest", max(case.outcome.seconds for case in cases), LONGEST, "s"),
        at_most(name, "most memory", max(case.outcome.mib for case in cases), MOST, "MiB"),
    ]


def _notes(cases: Sequence[Case]) -> list[str]:
    """Return what is not plainly read, by file."""
    read = [case for case in cases if case.outcome.kind == READ]
    lists = (
        ("Read though GDAL gives nothing", [case for case in read if not case.gdal_opens and case.outcome.rows]),
        ("Read in part, and what is missing is told", [case for case in read if case.outcome.lost]),
        ("Refused with words", [case for case in cases if case.outcome.kind == REFUSED]),
    )
    notes = [f"{words}: {', '.join(case.name for case in found)}." for words, found in lists if found]
    return [
        "Every file of a collection that breaks readers (GDAL's, pyshp's, NTS's and pyogrio's own tests, and Chinese deliveries made for "
        "it), looked into and read with all layers and columns in a process of its own. Silent losses: fewer rows than GDAL gives, or "
        "other Chinese text than was written, without a word.",
        *notes,
    ]
