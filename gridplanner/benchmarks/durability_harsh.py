"""Harsh moments while editing and saving: what is lost, what is damaged, and whether the words say what to do.

Each trial is a process of its own that opens a project file, edits it by `random_hand`, saves it every few edits while it edits on, and
tells what the program told. At a random moment the disk is full, read-only or gone, another process works on the same file, or the clock
goes back; the process edits and saves on, is healed in half of the trials, and is killed in the end. Then all edits that it had completed
must be in the file or be offered by the next start.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from algorithms.progress import SILENT, Progress
from gridplanner.benchmarks.durability_journal import Replay
from gridplanner.benchmarks.harsh_moments import MOMENTS, Ground, Moment, own_state
from gridplanner.benchmarks.harsh_work import Begin, Order, Said, nursery
from gridplanner.benchmarks.table import Row, at_least, at_most
from gridplanner.errors import GridplannerError
from gridplanner.io.keeping.exactly import same
from gridplanner.io.keeping.recovery import left_behind, recovered
from gridplanner.io.project_places import open_at
from gridplanner.io.saved import Saved
from gridplanner.model.project import Project

MANY, FEWER = 50, 4
SEQUENCES = 10  # different sequences of edits: each is made again once for the comparison
MOST = 30  # edits before the moment at most
AFTER = 4  # edits after it at least
WAIT = 60.0  # seconds until a trial that says nothing counts as failed
NOTES = (
    "Harsh moments: a process of its own edits a project file by a seeded hand and saves it every few edits while it edits on. At a random "
    "moment its disk is filled (half of the trials: that of the journal and the backups, too), becomes read-only (by the rights of the "
    "folder, or remounted so), its folder is renamed away or unmounted, a second process opens the same file (and takes it over, or saves "
    "under another name), or its clock goes back by up to ten years. It edits on, half of the trials are healed, and it is killed. Lost is "
    "an edit that is neither in the file nor offered by the next start, compared to the last bit with the same edits made again; a message "
    "says what to do if it names a remedy and holds no text of the system's own or of SQLite's.",
)
_REMEDY = re.compile(
    r"choose |make room|close it there|connect it again|take the protection off|ask whoever|save under another name|wait until|"
    r"Bring it back|take their work in"
)
_RAW = re.compile(
    r"[Ee]rrno|Error\b|Traceback|0x[0-9a-f]|database or disk|disk I/O|readonly database|No space left|Permission denied|the system says|"
    r"Read-only file system|No such file"
)


@dataclass(frozen=True)
class Outcome:
    """What was found after a trial: edits completed and found, saves and words of the program after the moment, what is wrong."""

    done: int
    found: int
    saves: int
    words: tuple[str, ...]
    fault: str = ""
    is_corrupt: bool = False

    @property
    def vague(self) -> tuple[str, ...]:
        """The words that do not say what to do."""
        return tuple(words for words in self.words if not says_what_to_do(words))


def says_what_to_do(words: str) -> bool:
    """Tell whether a message names a remedy and quotes nothing of the system."""
    return bool(_REMEDY.search(words)) and not _RAW.search(words)


def rows_of_harsh(progress: Progress = SILENT, quick: bool = False) -> tuple[list[Row], tuple[str, ...]]:
    """Return the rows of all kinds of harsh moments, and notes."""
    from gridplanner.benchmarks.durability_town import town_file

    rows: list[Row] = []
    notes = list(NOTES)
    with tempfile.TemporaryDirectory(prefix="gridplanner-") as folder:
        name, town = town_file(Path(folder))
        for kind in MOMENTS:
            outcomes = struck(kind, town, Path(folder), FEWER if quick else MANY, progress=progress)
            rows += rows_of(f"{name}, {kind}, {len(outcomes)} moments", kind, outcomes)
            notes += [
                f"{kind}: {words}" for words in sorted({words for outcome in outcomes for words in (*outcome.vague, outcome.fault)} - {""})
            ]
    return rows, tuple(notes)


def rows_of(case: str, kind: str, outcomes: Sequence[Outcome]) -> list[Row]:
    """Return the rows of some outcomes of one kind."""
    silent = sum(not outcome.words for outcome in outcomes) if MOMENTS[kind].is_told else 0
    return [
        at_most(case, "completed edits lost", sum(max(outcome.done - outcome.found, 0) for outcome in outcomes), 0, "edits"),
        at_most(case, "corrupt files", sum(outcome.is_corrupt for outcome in outcomes), 0),
        at_most(case, "messages that do not say what to do", sum(len(outcome.vague) for outcome in outcomes), 0),
        at_most(case, "moments without a word", silent, 0),
        at_most(case, "trials with another fault", sum(bool(outcome.fault) for outcome in outcomes), 0),
        at_least(case, "edits completed, all", sum(outcome.done for outcome in outcomes), None, "edits"),
        at_least(case, "messages, all", sum(len(outcome.words) for outcome in outcomes), None),
    ]


def struck(kind: str, town: Path, folder: Path, moments: int, *, seed: int = 1, progress: Progress = SILENT) -> list[Outcome]:
    """Return the outcomes of some trials of one kind; faults are in words, nothing is raised for them."""
    rng = np.random.default_rng([seed, sorted(MOMENTS).index(kind)])
    start = open_at(town).project
    again = [Replay(start, sequence) for sequence in range(min(SEQUENCES, moments))]
    outcomes: list[Outcome] = []
    with nursery() as begin:
        for number in range(moments):
            progress.check()
            progress.report(number / moments, f"{kind}: {number} / {moments}")
            sequence = number % len(again)
            with _ground(folder / f"{kind.replace(' ', '-')}-{number}", town, MOMENTS[kind], number) as ground:
                outcomes.append(_one(MOMENTS[kind], ground, rng, sequence, again[sequence], begin))
    return outcomes


@contextlib.contextmanager
def _ground(place: Path, town: Path, moment: Moment, number: int) -> Iterator[Ground]:
    """Yield where a trial takes place, with a copy of the town; all of it is removed in the end."""
    place.mkdir()
    ground = Ground(place, town.stat().st_size, number)
    try:
        moment.prepare(ground)
        shutil.copyfile(town, ground.file)
        yield ground
    finally:
        ground.clear()
        shutil.rmtree(place, ignore_errors=True)


def _one(moment: Moment, ground: Ground, rng: np.random.Generator, sequence: int, again: Replay, begin: Begin) -> Outcome:
    """Run one process, let the moment come, and look at what is there after its end."""
    first = begin(Order(str(ground.file), str(ground.state), str(ground.tmp), sequence, ground.plain))
    said: list[Said] = []
    steps, is_healed = int(rng.integers(1, MOST)), bool(rng.random() < 0.5)
    fault = ""
    try:
        _listen(first.say, said, lambda: _count(said, "done") >= steps)
        time.sleep(float(rng.uniform(0, 0.15)))
        _listen(first.say, said, lambda: True)
        at = len(said)
        moment.strike(ground, first, begin, rng)
        awaited = {"told"} if moment.is_told else {"told", "saved"}
        _listen(first.say, said, lambda: any(one.kind in awaited for one in said[at:]) and _count(said[at:], "done") >= AFTER)
        if is_healed and moment.is_told:
            moment.heal(ground)
            healed = len(said)
            _listen(first.say, said, lambda: any(one.kind == "saved" for one in said[healed:]))
        time.sleep(float(rng.uniform(0, 0.05)))
    except _SilentError as why:
        fault = str(why)
    first.kill()
    with contextlib.suppress(EOFError, OSError):
        while first.say.poll(0):
            said.append(first.say.recv())
    others = moment.end(ground, again)
    moment.heal(ground)
    outcome = judged(ground.file, ground.state, ground.work_folders, again, said, fault or "; ".join(ground.faults))
    for other in others:
        assert other.again is not None
        theirs = judged(other.file, other.state, other.work_folders, other.again, other.said, other.fault)
        outcome = Outcome(
            outcome.done + theirs.done, outcome.found + theirs.found, outcome.saves + theirs.saves, (*outcome.words, *theirs.words),
            outcome.fault or theirs.fault, outcome.is_corrupt or theirs.is_corrupt,
        )  # fmt: skip
    return outcome


def judged(file: Path, state: Path, folders: Sequence[Path], again: Replay, said: Sequence[Said], fault: str = "") -> Outcome:
    """Return what the next start finds of a process that said something before its end."""
    done, words = _count(said, "done"), tuple(one.words for one in said if one.kind == "told")
    saved: Saved | None = None
    is_corrupt = False
    try:
        saved = open_at(file)
    except GridplannerError as why:
        is_corrupt = True
        fault = fault or f"the file cannot be opened: {why}"
    offered = [] if saved is None else [saved]
    with own_state(state):
        for left in left_behind(folders):
            try:
                offered.append(recovered(left))
            except GridplannerError as why:
                fault = fault or f"nothing recovered: {why}"
    found = max((_edits_in(one.project, again, done) for one in offered), default=-1)
    if offered and found < 0:
        fault = fault or "what is found is no completed state"
    if any([one.number for one in each.changes] != sorted({one.number for one in each.changes}) for each in offered):
        fault = fault or "the log of changes is out of order"
    return Outcome(done, min(max(found, 0), done), _count(said, "saved"), words, fault, is_corrupt)


def _edits_in(project: Project, again: Replay, done: int) -> int:
    """Return after how many edits a project is, -1 where it is after none; the last edit may be there without having been said."""
    return next((count for count in (done, done + 1, *range(done - 1, -1, -1)) if same(project, again.after(count))), -1)


class _SilentError(Exception):
    """A process says nothing any more."""


def _listen(say: Connection, said: list[Said], enough: Callable[[], bool]) -> None:
    """Take what a process says until it is enough; raises _SilentError."""
    until = time.monotonic() + WAIT
    try:
        while say.poll(0):
            said.append(say.recv())
        while not enough():
            if not say.poll(max(0.0, until - time.monotonic())):
                raise _SilentError(f"the process did not come to it in {WAIT:.0f} s; it said {said[-1] if said else 'nothing'}")
            said.append(say.recv())
    except (EOFError, OSError):
        raise _SilentError(f"the process ended by itself; it said {said[-1] if said else 'nothing'}") from None


def _count(said: Sequence[Said], kind: str) -> int:
    return sum(one.kind == kind for one in said)
