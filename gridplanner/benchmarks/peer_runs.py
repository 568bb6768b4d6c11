"""Peers as processes: arrays go out as a file, labels come back as one, a peer that takes too long is stopped."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gridplanner.benchmarks.instance import Instance
from gridplanner.benchmarks.judge import Figures, judge
from gridplanner.model.lines import Ints
from gridplanner.model.project import Project

PEERS = "GRIDPLANNER_PEERS"  # interpreter of the environment that holds the peers; they never share the product's
LIMIT = 45.0  # seconds of a peer's own calls
START = 15.0  # seconds beside the limit for imports and files
STOPPED = "stopped"  # the one figure of a peer that was stopped: the seconds that it had

BY_COMMUNITY = ("METIS", "KaHIP FAST", "KaHIP ECO", "flow k-means, OR-Tools")
SLOW = ("spopt max-p", "spopt SKATER", "spopt RegionKMeans", "spopt Ward", "gerrychain tree", "gerrychain ReCom")


@dataclass(frozen=True, eq=False)
class PeerPlan:
    """What a peer made: seconds of its own calls, its number of districts, and its labels (u,), None where it was stopped."""

    seconds: float
    count: int
    labels: Ints | None


def peer_plans(instance: Instance, names: Sequence[str], seed: int) -> dict[str, PeerPlan]:
    """Return what each of these peers that is installed makes of an instance: {"NAME VERSION": plan}.

    Nothing without an environment of peers. A peer is stopped after `LIMIT` seconds. Raises RuntimeError where one fails.
    """
    python = os.environ.get(PEERS)
    if not python:
        return {}
    found: dict[str, PeerPlan] = {}
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(Path(__file__).with_name("peers"), Path(folder, "peers"), ignore=shutil.ignore_patterns("__pycache__"))
        instance.write(Path(folder, "given.npz"))
        installed: dict[str, str] = json.loads(_call(python, Path(folder), "versions"))
        for name in names:
            if name in installed:
                found[f"{name} {installed[name]}"] = _plan(python, Path(folder), name, seed)
    return found


def peer_figures(project: Project, instance: Instance, names: Sequence[str], seed: int) -> dict[str, Figures]:
    """Return the peers' plans judged as ours is; a peer that was stopped has the one figure `stopped`, the seconds that it had."""
    return {name: judged(project, plan) for name, plan in peer_plans(instance, names, seed).items()}


def judged(project: Project, plan: PeerPlan) -> Figures:
    """Return the figures of a peer's plan."""
    if plan.labels is None:
        return {STOPPED: LIMIT}
    return {"seconds": plan.seconds} | judge(project, plan.labels, plan.count)


def _plan(python: str, folder: Path, name: str, seed: int) -> PeerPlan:
    try:
        answer = json.loads(_call(python, folder, name, "given.npz", "made.npz", str(seed)))
    except subprocess.TimeoutExpired:
        return PeerPlan(LIMIT, 0, None)
    with np.load(folder / "made.npz") as arrays:
        labels = arrays["labels"].astype(np.int32)
    return PeerPlan(answer["seconds"], answer["count"], labels if answer["seconds"] <= LIMIT else None)


def _call(python: str, folder: Path, *words: str) -> str:
    """Return the last line that the peers' package prints; one thread, as the files stand in `folder`."""
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    done = subprocess.run(
        [python, "-m", "peers", *words],
        cwd=folder, env=os.environ | single, capture_output=True, text=True, check=False, timeout=LIMIT + START,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"the peer {words[0]} failed: {done.stderr.strip()[-300:]}")
    return done.stdout.strip().splitlines()[-1]
