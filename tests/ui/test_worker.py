from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gridplanner import i18n
from ui.worker import Outcome, Worker


@pytest.fixture(scope="module")
def worker(qapp: object) -> Iterator[Worker]:
    started = Worker()
    started.start()
    yield started
    started.close()


def outcome_of(worker: Worker, qtbot: QtBot, name: str, *arguments: object, after: object = None) -> Outcome:
    with qtbot.waitSignal(worker.ended, timeout=20_000) as ended:
        worker.submit(f"tests.ui.worker_tasks:{name}", *arguments)
        assert worker.is_busy
        if callable(after):
            after()
    assert ended.args is not None
    outcome = ended.args[0]
    assert isinstance(outcome, Outcome)
    assert not worker.is_busy
    return outcome


def test_a_result_comes_back_and_is_prepared_in_a_thread_before(worker: Worker, qtbot: QtBot) -> None:
    prepared: list[object] = []
    with qtbot.waitSignal(worker.ended, timeout=20_000) as ended:
        worker.submit("tests.ui.worker_tasks:double", np.arange(5), prepare=prepared.append)
    assert ended.args is not None
    assert ended.args[0].value.tolist() == [0, 2, 4, 6, 8]
    assert prepared[0] is ended.args[0].value


def test_a_second_task_is_refused_while_one_runs(worker: Worker, qtbot: QtBot) -> None:
    def once_more() -> None:
        with pytest.raises(RuntimeError, match="busy"):
            worker.submit("tests.ui.worker_tasks:double", 1)

    assert outcome_of(worker, qtbot, "double", np.ones(1), after=once_more).value == 2


def test_progress_is_heard(worker: Worker, qtbot: QtBot) -> None:
    heard: list[object] = []
    worker.reported.connect(lambda *told: heard.append(told))
    outcome_of(worker, qtbot, "wait", 0.3)
    assert heard


def test_cancelling_ends_a_task_soon(worker: Worker, qtbot: QtBot) -> None:
    outcome = outcome_of(worker, qtbot, "wait", 60.0, after=worker.cancel)
    assert outcome.cancelled
    assert outcome.value is None


def test_finishing_brings_what_there_is(worker: Worker, qtbot: QtBot) -> None:
    assert outcome_of(worker, qtbot, "wait", 60.0, after=worker.finish).value == "early"


def test_the_planners_error_comes_as_its_text_and_a_surprise_with_details(worker: Worker, qtbot: QtBot) -> None:
    told = outcome_of(worker, qtbot, "refuse")
    assert (told.failed, told.error, told.details) == (True, "roads.shp: there is no field class", "")
    surprise = outcome_of(worker, qtbot, "stumble")
    assert surprise.failed
    assert "KeyError" in surprise.details
    assert "worker_tasks.py" in surprise.details
    assert "surprise" not in surprise.details  # what an error quotes is the planner's


def test_a_killed_process_counts_as_cancelled_and_the_next_task_runs(worker: Worker, qtbot: QtBot) -> None:
    def stop() -> None:
        worker.cancel()
        worker.kill()

    assert outcome_of(worker, qtbot, "wait", 60.0, after=stop).cancelled
    assert outcome_of(worker, qtbot, "double", np.ones(1)).value == 2


def test_a_process_that_dies_is_told_and_the_next_task_runs(worker: Worker, qtbot: QtBot) -> None:
    died = outcome_of(worker, qtbot, "die")
    assert died.failed
    assert "3" in died.details
    assert outcome_of(worker, qtbot, "double", np.ones(1)).value == 2


def test_the_process_speaks_the_windows_language(worker: Worker, qtbot: QtBot) -> None:
    i18n.set_language("zh_CN")
    assert outcome_of(worker, qtbot, "spoken").value == "zh_CN"
