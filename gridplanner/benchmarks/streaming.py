"""Case: time and memory of a province planned chunk by chunk, from its files to its exports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from gridplanner.benchmarks.made_province import write_made_province

PAUSE = 0.1  # seconds between two looks at the memory
_RUN = "import sys; from gridplanner.cli import main; sys.exit(main(sys.argv[1:]))"


def measure_streaming(households: int, seed: int = 1, workers: int = 2, folder: Path | None = None) -> dict[str, float]:
    """Return what a streamed run of a made province took: seconds in all and a step, and the peak of the memory of its processes together.

    Memory is resident pages (Linux), those that processes share counted for each; the files lie in `folder` (None: a temporary one).
    """
    with tempfile.TemporaryDirectory(prefix="gridplanner-", dir=folder) as place:
        plan = write_made_province(Path(place), households, seed)
        out = Path(place) / "out"
        command = [sys.executable, "-c", _RUN, "run", str(plan), "--out", str(out), "--stream", "--workers", str(workers), "--quiet"]
        start = time.perf_counter()
        with subprocess.Popen(command) as process:
            peak = 0
            while process.poll() is None:
                peak = max(peak, sum(_resident(pid) for pid in _tree(process.pid)))
                time.sleep(PAUSE)
        seconds = time.perf_counter() - start
        if process.returncode:
            raise RuntimeError(f"the streamed run ended with {process.returncode}")
        summary = json.loads((out / "summary.json").read_text("utf-8"))
        written = sum(path.stat().st_size for path in out.iterdir())
    steps = {f"{name}_s": value for name, value in summary["steps"].items()}
    return {
        "seconds": seconds, **steps, "peak_gib": peak / 2**30, "chunks": summary["streamed"]["chunks"], "grids": summary["grids"]["count"],
        "in_band_pct": 100 * summary["grids"]["in_band"] / summary["grids"]["count"], "written_gib": written / 2**30,
    }  # fmt: skip


def _tree(root: int) -> list[int]:
    """Return a process and those it started."""
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        try:
            waiting += [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        except OSError:  # it has ended meanwhile
            continue
    return found


def _resident(pid: int) -> int:
    """Return the bytes that a process holds in memory, 0 where it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0
