"""Who computes beside this process: processes on this machine, or a Dask cluster, behind one Executor."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from gridplanner import __version__
from gridplanner.errors import InputError
from gridplanner.i18n import _

MOST = 8  # a process more takes 150 MB and saves less and less: one process takes the problems apart for all of them
SOLVER = "algorithms.districting.solve", "ortools.sat.python.cp_model"  # what a worker imports before its first share
TRIES = 5  # deaths in a row after which no more processes are started
PATIENCE = 10.0  # seconds to reach a cluster and for its workers to answer
_SAME = ("numpy", "scipy", "shapely", "ortools")  # another version of one of these may make another plan
_Task = tuple[Future[Any], Callable[[], Any]]
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@contextmanager
def open_workers(count: int | None = None, dask: str | None = None) -> Iterator[Executor | None]:
    """Yield the executor that takes part in the work, None where this process works alone; its processes end with the block.

    `count` processes, this one among them, so that 1 is none beside it (None: as many as this machine lets us use, at most MOST);
    or the cluster whose scheduler is at `dask`. A plan does not depend on either. A process starts with the first work it is given.
    Raises InputError where the cluster cannot be reached or its workers would not make the same plan.
    """
    if dask is not None:
        with _cluster(dask) as cluster:
            yield cluster
        return
    beside = (usual_count() if count is None else count) - 1
    if beside < 1 or multiprocessing.current_process().daemon:  # a daemonic process must not have children
        yield None
        return
    local = LocalWorkers(beside)
    try:
        yield local
    finally:
        local.shutdown(cancel_futures=True)


def usual_count() -> int:
    """Return how many processes work where nobody says how many."""
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, MOST)


def begin(workers: Executor | None) -> None:
    """Let local processes start and load the solver while the problem is still being put together."""
    if isinstance(workers, LocalWorkers):
        workers.begin()


class LocalWorkers(Executor):
    """`count` processes beside this one, started when there is work; after one died, what was waiting goes to new ones (to a point).

    What the processes were at when one died fails with BrokenExecutor. What waits can be cancelled, what runs cannot. The pool below
    never sees a future cancelled: that of Python 3.11 fails to clean up after a dead process where one was.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._pool: ProcessPoolExecutor | None = None
        self._waiting: deque[_Task] = deque()
        self._running = 0
        self._deaths = 0
        self._closed = False
        self._lock = threading.RLock()

    def begin(self) -> None:
        """Start every process now."""
        if self._pool is None:
            for _process in range(self.count):
                self.submit(_load, SOLVER)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return the future of `fn` called in one of the processes."""
        future: Future[Any] = Future()
        self._waiting.append((future, partial(fn, *args, **kwargs)))
        self._feed()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes when the work is done; with `cancel_futures` at once, whatever they do."""
        with self._lock:
            self._closed = cancel_futures
            pool, self._pool = self._pool, None
        if cancel_futures:
            for future, _call in self._waiting:
                future.cancel()
            for process in list((getattr(pool, "_processes", None) or {}).values()):  # kill_workers from Python 3.14 on
                process.kill()
        if pool is not None:
            pool.shutdown(wait=wait)

    def _feed(self) -> None:
        """Give the processes as much as they can work at."""
        with self._lock:
            while self._waiting and self._running < self.count and not self._closed:
                future, call = self._waiting.popleft()
                if future.set_running_or_notify_cancel():
                    try:
                        begun = self._start(call)
                    except (BrokenExecutor, OSError) as why:
                        future.set_exception(BrokenExecutor(str(why)))
                        continue
                    self._running += 1
                    begun.add_done_callback(partial(self._end, future))

    def _start(self, call: Callable[[], Any]) -> Future[Any]:
        if self._deaths >= TRIES:
            raise BrokenExecutor("no process stays alive")
        with _quiet_start():
            if self._pool is not None:
                with suppress(BrokenExecutor):
                    return self._pool.submit(call)
            # spawn: a forked child of a process with threads may hang, and Windows has nothing else
            self._pool = ProcessPoolExecutor(self.count, multiprocessing.get_context("spawn"), initializer=_settle)
            return self._pool.submit(call)

    def _end(self, future: Future[Any], done: Future[Any]) -> None:
        with self._lock:
            self._running -= 1
            self._deaths = self._deaths + 1 if isinstance(done.exception(), BrokenExecutor) else 0
        _hand_over(done, future)
        self._feed()


@contextmanager
def _quiet_start() -> Iterator[None]:
    """Start processes that compute with one thread each and do not hear Ctrl-C, not even before they can say so themselves."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    masks = hasattr(signal, "pthread_sigmask")
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if masks else set()
    try:
        yield
    finally:
        if masks:
            signal.pthread_sigmask(signal.SIG_SETMASK, held)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _settle() -> None:
    """Make a new process leave Ctrl-C to its parent and end when the parent does, even where that was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=follow, daemon=True, name="follow-parent").start()


def _load(names: tuple[str, ...]) -> None:
    for name in names:
        importlib.import_module(name)


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    """Yield an executor of the cluster at `address`, its workers asked whether they would make the same plan."""
    try:
        import distributed
    except ImportError:
        raise InputError(_("--dask needs the package distributed; install it with: pip install distributed")) from None
    connect: Any = distributed.Client
    try:
        client = connect(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as why:
        raise InputError(_("--dask {address}: cannot be reached: {why}").format(address=address, why=why)) from None
    try:
        _check_cluster(client, address)
        yield DaskWorkers(client)
    finally:
        with suppress(OSError, TimeoutError):
            client.close(timeout=PATIENCE)


def _check_cluster(client: Any, address: str) -> None:
    """Raise InputError where a cluster has no workers, or workers that would not make the same plan."""
    with suppress(OSError, TimeoutError):
        client.wait_for_workers(1, timeout=PATIENCE)
    try:
        found = client.run(identity)
    except Exception as why:  # what the workers raise: mostly that they have no such package
        text = _("--dask {address}: its workers cannot run gridplanner ({why}); install the same version there")
        raise InputError(text.format(address=address, why=f"{type(why).__name__}: {why}")) from None
    if not found:
        raise InputError(_("--dask {address}: the cluster has no workers; start some with: dask worker {address}").format(address=address))
    ours = identity()
    for worker, theirs in found.items():
        for name, wanted in ours.items():
            if theirs.get(name) != wanted:
                text = _("--dask {address}: worker {worker} has {name} {theirs}, not {wanted}; the same plan needs the same versions")
                raise InputError(text.format(address=address, worker=worker, name=name, theirs=theirs.get(name), wanted=wanted))


def identity() -> dict[str, str]:
    """Return the versions that a plan depends on, as this process has them."""
    from importlib.metadata import version  # takes as long as all else here

    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {"gridplanner": __version__, "python": python, **{name: version(name) for name in _SAME}}


class DaskWorkers(Executor):
    """The workers of a Dask cluster. What a worker that died was doing Dask gives to another one."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.count = sum(int(worker["nthreads"]) for worker in client.scheduler_info()["workers"].values())

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Return the future of `fn` called on the cluster; it fails where Dask gives up, and cannot be cancelled."""
        future: Future[Any] = Future()
        future.set_running_or_notify_cancel()  # nobody here knows whether it runs already
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # large arguments: scattered ones would be lost with the worker that has them
                asked = self._client.submit(fn, *args, **kwargs, pure=False)
            asked.add_done_callback(partial(_hand_over, future=future))
        except Exception as why:  # the client has closed: whatever it says, the work is not done there
            future.set_exception(BrokenExecutor(str(why)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster as it is: it is not ours."""


def _hand_over(done: Any, future: Future[Any]) -> None:
    """Give a future what another one (Dask's too) came to."""
    try:
        future.set_result(done.result())
    except BaseException as why:
        failure = why if isinstance(why, Exception) else BrokenExecutor(str(why))
        future.set_exception(failure)
