import threading
import time
from collections.abc import Callable, Iterator

from pytestqt.qtbot import QtBot

from ui.latest import Latest, Obsolete


def test_requests_that_wait_are_replaced_by_newer_ones(qtbot: QtBot) -> None:
    gate = threading.Event()
    answered: list[object] = []

    def answer(request: object, _is_obsolete: Callable[[], bool]) -> Iterator[object]:
        gate.wait(5)
        yield request

    latest = Latest(answer, "test")
    latest.answered.connect(answered.append)
    latest.ask(1, urgent=False)
    qtbot.wait(50)
    for request in (2, 3, 4):
        latest.ask(request, urgent=False)
    gate.set()
    qtbot.waitUntil(lambda: answered[-1:] == [4])
    latest.close()
    assert answered == [1, 4]


def test_an_urgent_request_abandons_the_answer_in_hand(qtbot: QtBot) -> None:
    answered: list[object] = []

    def answer(request: object, is_obsolete: Callable[[], bool]) -> Iterator[object]:
        while request == "slow":
            if is_obsolete():
                raise Obsolete
        yield request

    latest = Latest(answer, "test")
    latest.answered.connect(answered.append)
    latest.ask("slow")
    qtbot.wait(20)
    latest.ask("quick")
    qtbot.waitUntil(lambda: bool(answered))
    latest.close()
    assert answered == ["quick"]


def test_a_failure_is_told_and_the_next_request_is_answered(qtbot: QtBot) -> None:
    def answer(request: object, _is_obsolete: Callable[[], bool]) -> Iterator[object]:
        yield 1 / int(str(request))

    latest = Latest(answer, "test")
    with qtbot.waitSignal(latest.failed) as failed:
        latest.ask(0)
    assert "ZeroDivisionError" in str(failed.args)
    with qtbot.waitSignal(latest.answered):
        latest.ask(1)
    latest.close()


def test_what_waits_for_a_mute_server_is_closed_at_once_and_says_nothing_any_more(qtbot: QtBot) -> None:
    asked, gate, ended = threading.Event(), threading.Event(), threading.Event()
    told: list[object] = []

    def answer(_request: object, _is_obsolete: Callable[[], bool]) -> Iterator[object]:
        asked.set()
        gate.wait(5)
        try:
            yield "too late"
        finally:
            ended.set()

    latest = Latest(answer, "test")
    latest.answered.connect(told.append)
    latest.ask(1)
    assert asked.wait(5)
    began = time.perf_counter()
    latest.close(patience=0.0)
    assert time.perf_counter() - began < 0.5
    gate.set()
    assert ended.wait(5)
    qtbot.wait(20)
    assert told == []
