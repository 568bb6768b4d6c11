"""Shares of a town solved beside this process: the same plan, and nothing lost with a process that dies."""

import dataclasses
import multiprocessing
import os
import signal
import time
from concurrent.futures import BrokenExecutor, Executor
from contextlib import contextmanager

import pytest
from province_town import write_town

from algorithms.districting import solve
from algorithms.progress import Cancelled, Progress
from gridplanner.benchmarks.made_city import made_city
from gridplanner.cli import main
from gridplanner.errors import InputError
from gridplanner.model.project import Project
from gridplanner.planning.grids import propose_grids
from gridplanner.planning.units import propose_units
from gridplanner.planning.workers import identity, open_workers, usual_count


@pytest.fixture(scope="module")
def town() -> Project:
    project = made_city(12_000, seed=3)
    settings = dataclasses.replace(project.settings, grids=dataclasses.replace(project.settings.grids, effort="quick"))
    project = dataclasses.replace(project, settings=settings)
    return propose_units(project).apply(project)


@pytest.fixture(autouse=True)
def _four_shares(monkeypatch):
    monkeypatch.setattr(solve, "SHARE", 600)


@pytest.fixture(scope="module")
def alone(town):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solve, "SHARE", 600)
        return labels(town)


def labels(town: Project, workers: Executor | None = None, progress: Progress | None = None) -> list[int]:
    return propose_grids(town, progress or Progress(), workers).apply(town).grids.labels.tolist()


def test_the_exports_do_not_depend_on_the_number_of_workers(tmp_path):
    plan = write_town(tmp_path, more='[export]\nformats = ["shp"]\n')
    for name, words in (("one", ["--workers", "1"]), ("two", ["--workers", "2"]), ("usual", [])):
        assert main(["run", str(plan), "--out", str(tmp_path / name), "--quiet", *words]) == 0
    for path in sorted((tmp_path / "one").iterdir()):
        if path.suffix in {".shp", ".shx", ".dbf"}:
            assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes() == (tmp_path / "usual" / path.name).read_bytes()
    assert (tmp_path / "one" / "grids.dbf").stat().st_size > 0


class AtFirstReport(Progress):
    """Does something once, when the search reports for the first time."""

    def __init__(self, act):
        self.act = act
        self.done = False

    def report(self, fraction, message=""):
        if not self.done and fraction > 0.06:
            self.done = True
            self.act()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_plan_does_not_depend_on_the_number_of_workers(town, alone, count):
    with open_workers(count) as workers:
        assert (workers is None) == (count == 1)
        assert labels(town, workers) == alone


def test_a_process_killed_in_mid_run_loses_nothing_and_the_next_work_has_another(town, alone):
    with open_workers(2) as workers:
        victim = workers.submit(os.getpid).result()
        kill = AtFirstReport(lambda: os.kill(victim, signal.SIGKILL))
        assert labels(town, workers, kill) == alone
        assert kill.done
        assert workers.submit(os.getpid).result() not in {victim, os.getpid()}


def test_processes_that_never_live_are_given_up_and_the_plan_is_made_all_the_same(town, alone):
    with open_workers(2) as workers:
        deaths = [workers.submit(os._exit, 1) for _try in range(8)]
        assert all(isinstance(future.exception(60), BrokenExecutor) for future in deaths)
        with pytest.raises(BrokenExecutor, match="no process stays alive"):
            workers.submit(os.getpid).result(60)
        assert labels(town, workers) == alone


def test_processes_end_with_the_block_even_in_the_middle_of_work():
    with open_workers(2) as workers:
        child = workers.submit(os.getpid).result()
        workers.submit(time.sleep, 60.0)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    assert not multiprocessing.active_children()


def test_cancelling_ends_the_search_and_its_processes(town):
    class Impatient(AtFirstReport):
        def is_cancelled(self):
            return self.done

    with open_workers(2) as workers, pytest.raises(Cancelled):
        labels(town, workers, Impatient(lambda: None))


def test_a_process_computes_with_one_thread_and_leaves_ctrl_c_to_its_parent():
    with open_workers(2) as workers:
        assert workers.submit(os.getenv, "OMP_NUM_THREADS").result() == "1"
        assert workers.submit(signal.getsignal, signal.SIGINT).result() is signal.SIG_IGN
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_the_usual_count_is_within_what_this_process_may_use():
    assert 1 <= usual_count() <= min(8, os.cpu_count())


@contextmanager
def cluster_of_two():
    distributed, dask = pytest.importorskip("distributed"), pytest.importorskip("dask")
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, worker_dashboard_address=None, silence_logs=50
        ) as cluster,
    ):
        yield cluster


def test_a_dask_worker_killed_or_a_cluster_lost_in_mid_run_loses_nothing(town, alone):
    with cluster_of_two() as cluster, open_workers(dask=cluster.scheduler_address) as workers:
        assert workers.count == 2
        first, second = workers.submit(time.sleep, 1.0), workers.submit(time.sleep, 1.0)
        time.sleep(0.5)
        pids = {w.pid for w in cluster.workers.values()}
        assert os.getpid() not in pids
        kill = AtFirstReport(lambda: os.kill(pids.pop(), signal.SIGKILL))
        assert labels(town, workers, kill) == alone
        assert kill.done
        assert first.result(30) is None
        assert second.result(30) is None
        assert workers.submit(os.getpid).result(30) != os.getpid()
        close = AtFirstReport(cluster.close)
        assert labels(town, workers, close) == alone
        assert close.done
        assert workers.submit(os.getpid).exception(30) is not None


def test_a_cluster_that_is_not_there_or_has_no_workers_is_said(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("gridplanner.planning.workers.PATIENCE", 0.3)
    with pytest.raises(InputError, match=r"--dask tcp://127.0.0.1:9: cannot be reached"), open_workers(dask="tcp://127.0.0.1:9"):
        pass
    assert identity()["python"].startswith("3.")
