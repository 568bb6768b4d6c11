from pytestqt.qtbot import QtBot

from tests.ui.builders import town
from ui.map.canvas import Canvas
from ui.map.scene import Showing
from ui.place_teller import PlaceTeller
from ui.status_line import StatusLine
from ui.styles import Theme


def test_the_place_of_the_pointer_is_told_in_metres_and_degrees(qtbot: QtBot, look: Theme) -> None:
    canvas, status = Canvas(Showing(town(), look, "en")), StatusLine()
    qtbot.addWidget(canvas)
    qtbot.addWidget(status)
    crs = "EPSG:4545"
    teller = PlaceTeller(canvas, status, lambda: crs)
    canvas.pointed.emit((500000.0, 0.0))
    fact = status._facts["place"]
    qtbot.waitUntil(lambda: "0.00000°N 108.00000°E" in fact.text())
    assert fact.text().startswith("E 500\u2009000.0   N 0.0")
    canvas.pointed.emit(None)
    assert fact.text() == ""
    crs = ""
    canvas.pointed.emit((1.0, 2.0))
    assert fact.text() == "E 1.0   N 2.0"  # without a coordinate system there are no degrees
    teller.close()
    canvas.close_threads()
