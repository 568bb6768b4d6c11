"""What can happen to a disk, a folder, a file or a clock while somebody works, done for real and undone again."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from gridplanner.benchmarks.durability_journal import Replay
from gridplanner.benchmarks.harsh_work import Begin, Order, Process, Said
from gridplanner.io.keeping.backups import list_backups
from gridplanner.io.keeping.scribe import ASIDE
from gridplanner.io.keeping.thinning import NEWEST
from gridplanner.io.project_file import mark_of

YEARS = 10
_TALK = 30.0  # seconds that a second process may take until it has said enough


@dataclass(eq=False)
class Ground:
    """Where a trial takes place: a folder of its own, with the project's folder and those of the program's own state."""

    place: Path
    size: int
    number: int
    plain: bool = False
    state: Path = field(init=False)
    project: Path = field(init=False)
    tmp: Path = field(init=False)
    mounts: list[Path] = field(default_factory=list)
    undo: list[Callable[[], object]] = field(default_factory=list)
    others: list[Other] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.state, self.project, self.tmp = self.place / "state", self.place / "项目 1", self.place / "tmp"
        self.project.mkdir()
        self.tmp.mkdir()

    @property
    def file(self) -> Path:
        """The project file."""
        return self.project / "town.gridplan"

    @property
    def work_folders(self) -> list[Path]:
        """Where work may be found."""
        return work_places(self.state, self.tmp, self.project)

    @property
    def is_odd(self) -> bool:
        """Every second trial is done in the other way, where there are two."""
        return self.number % 2 == 1

    def mount(self, folder: Path, *options: str) -> bool:
        """Put a disk of its own at a folder; False where that is not allowed."""
        if not can_mount() or subprocess.run(["mount", *options, str(folder)], capture_output=True, check=False).returncode:
            return False
        self.mounts.append(folder)
        return True

    def clear(self) -> None:
        """Take the disks off again."""
        for folder in reversed(self.mounts):
            subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
        with contextlib.suppress(OSError):
            self.project.chmod(0o755)


@dataclass(eq=False)
class Other:
    """A second process that worked on the same file, and what it is compared with."""

    file: Path
    state: Path
    tmp: Path
    said: list[Said]
    process: Process
    fault: str = ""
    again: Replay | None = None
    work_folders: Sequence[Path] = ()


class Moment:
    """Something harsh; `is_told`: no save can go well until it is healed, and the program has to say so."""

    is_told = True

    def prepare(self, ground: Ground) -> None:
        """Make the ground ready, before the project is there."""

    def strike(self, ground: Ground, process: Process, begin: Begin, rng: np.random.Generator) -> None:
        """Let it happen."""
        raise NotImplementedError

    def heal(self, ground: Ground) -> None:
        """Undo it, once."""
        while ground.undo:
            ground.undo.pop()()

    def end(self, ground: Ground, again: Replay) -> Sequence[Other]:  # noqa: ARG002
        """End what the moment began, and return the others that worked."""
        return ()


class FullDisk(Moment):
    """The disk of the project has no byte left; every second time that of the program's own state, too."""

    def prepare(self, ground: Ground) -> None:
        megabytes = 4 * ground.size // 2**20 + 40
        folder = ground.place / "disk"
        folder.mkdir()
        if ground.mount(folder, "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0777", "none"):
            ground.project = folder / "项目 1"
            ground.project.mkdir()
            if ground.is_odd:
                ground.state = folder / "state"

    def strike(self, ground: Ground, process: Process, begin: Begin, rng: np.random.Generator) -> None:  # noqa: ARG002
        if not ground.mounts:  # no file may grow any more, which is the nearest to it without the right to mount
            ground.undo.append(lambda: process.wish("size", -1.0))
            process.wish("size", 20_000.0)
            return
        filler = ground.place / "disk" / "filler"
        ground.undo.append(lambda: filler.unlink(missing_ok=True))
        _fill(filler)
        again = time.monotonic() + 0.3  # what was being written meanwhile and is removed leaves room again
        while time.monotonic() < again:
            _fill(filler)
            time.sleep(0.02)


class ReadOnly(Moment):
    """The folder may not be written to any more: by its rights, or every second time as the disk is mounted so."""

    def prepare(self, ground: Ground) -> None:
        if not (ground.is_odd and ground.mount(ground.project, "-t", "tmpfs", "-o", "size=1g,mode=0777", "none")):
            ground.plain = can_mount()  # what chmod forbids is forbidden, though root measures

    def strike(self, ground: Ground, process: Process, begin: Begin, rng: np.random.Generator) -> None:  # noqa: ARG002
        if ground.mounts:
            ground.undo.append(lambda: _remount(ground.project, "rw"))
            _remount(ground.project, "ro")
        else:
            ground.undo.append(lambda: ground.project.chmod(0o755))
            ground.project.chmod(0o555)


class Vanished(Moment):
    """The folder is not there any more: renamed, or every second time its drive taken off."""

    def prepare(self, ground: Ground) -> None:
        if ground.is_odd and can_mount():
            disk = ground.place / "disk"
            disk.mkdir()
            ground.mount(ground.project, "--bind", str(disk))

    def strike(self, ground: Ground, process: Process, begin: Begin, rng: np.random.Generator) -> None:  # noqa: ARG002
        if ground.mounts:
            ground.undo.append(lambda: ground.mount(ground.project, "--bind", str(ground.place / "disk")))
            ground.mounts.clear()
            subprocess.run(["umount", "-l", str(ground.project)], check=True, capture_output=True)
        else:
            away = ground.place / "away"
            ground.undo.append(lambda: away.rename(ground.project))
            ground.project.rename(away)


class TwoInstances(Moment):
    """Another process opens the same file: it takes it over, or every second time saves under another name."""

    is_told = False

    def strike(self, ground: Ground, process: Process, begin: Begin, rng: np.random.Generator) -> None:  # noqa: ARG002
        tmp, state = ground.place / "tmp-2", ground.state if ground.number % 4 < 2 else ground.place / "state-2"  # another computer
        tmp.mkdir()
        other = str(ground.project / "town 2.gridplan") if ground.is_odd else ""
        second = begin(Order(str(ground.file), str(state), str(tmp), int(rng.integers(1000, 2000)), other=other))
        said: list[Said] = []
        until = time.monotonic() + _TALK
        with contextlib.suppress(EOFError, OSError):
            while time.monotonic() < until and not (_has(said, "done", 4) and (_has(said, "told", 2) or _has(said, "saved", 1))):
                if second.say.poll(0.1):
                    said.append(second.say.recv())
        fault = "" if _has(said, "told", 1) and _has(said, "done", 1) else "the second process was not told of the first"
        file = Path(other) if _has(said, "saved", 1) and other else ground.file
        ground.others.append(Other(file, state, tmp, said, second, fault))

    def end(self, ground: Ground, again: Replay) -> Sequence[Other]:
        found = []
        for other in ground.others:
            other.process.kill()
            with contextlib.suppress(EOFError, OSError):
                while other.process.say.poll(0):
                    other.said.append(other.process.say.recv())
            opened = next((one.edits for one in other.said if one.kind == "opened"), 0)
            other.work_folders = work_places(other.state, other.tmp, ground.project)
            other.again = Replay(again.after(opened), other.process.seed)
            found.append(other)
        return found


class ClockBack(Moment):
    """The clock goes back by some minutes to ten years."""

    is_told = False

    def strike(self, ground: Ground, process: Process, begin: Begin, rng: np.random.Generator) -> None:  # noqa: ARG002
        process.wish("clock", float(np.exp(rng.uniform(np.log(60), np.log(YEARS * 365 * 86400)))))

    def end(self, ground: Ground, again: Replay) -> Sequence[Other]:  # noqa: ARG002
        """Look whether the earlier versions are in the order of the saves, whatever the clock said."""
        with own_state(ground.state):
            mark, numbers = mark_of(ground.file), [backup.number for backup in list_backups(ground.file)]
        least = [] if mark is None else list(range(mark.number - 1, 0, -1))[:NEWEST]
        if numbers[: len(least)] != least or numbers != sorted(numbers, reverse=True):
            ground.faults.append(f"the earlier versions are {numbers}, the file is save {mark.number if mark else 0}")
        return ()


MOMENTS: Mapping[str, Moment] = {
    "disk full": FullDisk(),
    "read-only folder": ReadOnly(),
    "vanished folder": Vanished(),
    "two instances": TwoInstances(),
    "clock set back": ClockBack(),
}


@functools.lru_cache(maxsize=1)
def can_mount() -> bool:
    """Tell whether this process may mount disks: root on Linux."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory() as folder:
        command = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", folder]
        done = shutil.which("mount") and subprocess.run(command, capture_output=True, check=False).returncode == 0
        if done:
            subprocess.run(["umount", folder], capture_output=True, check=False)
    return bool(done)


def work_places(state: Path, tmp: Path, project: Path) -> list[Path]:
    """Return the folders in which work may be found, as `work_folders` has them."""
    return [state / "work", *tmp.glob("gridplanner-work*"), project / ASIDE]


def _fill(path: Path) -> None:
    """Let a file take what a disk has left."""
    for size in (1 << 20, 4096, 1):
        with contextlib.suppress(OSError), path.open("ab", buffering=0) as stream:
            while stream.write(b"\0" * size):
                pass


@contextlib.contextmanager
def own_state(folder: Path) -> Iterator[None]:
    """Let a folder be that of the program's own state for a while."""
    before = os.environ.get("GRIDPLANNER_STATE")
    os.environ["GRIDPLANNER_STATE"] = str(folder)
    try:
        yield
    finally:
        os.environ.pop("GRIDPLANNER_STATE")
        if before is not None:
            os.environ["GRIDPLANNER_STATE"] = before


def _remount(folder: Path, how: str) -> None:
    """Mount a disk otherwise, as soon as no file is being written there."""
    for _try in range(2000):
        if subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], capture_output=True, check=False).returncode == 0:
            return
        time.sleep(0.005)
    raise RuntimeError(f"{folder} cannot be mounted {how}")


def _has(said: Sequence[Said], kind: str, count: int) -> bool:
    return sum(one.kind == kind for one in said) >= count
