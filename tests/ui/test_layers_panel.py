import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ui.map.layer_looks import PLAIN, USUAL, LayerLook, Looks, looks_of
from ui.map.painter import Painter
from ui.panels.layers_panel import LAYERS, LayersPanel
from ui.styles import LIGHT, Theme


@pytest.fixture
def panel(qtbot: QtBot, look: Theme) -> LayersPanel:
    made = LayersPanel()
    qtbot.addWidget(made)
    made.show_layers(PLAIN, {"zones"})
    made.show()
    return made


def row_of(panel: LayersPanel, name: str) -> int:
    return next(row for row in range(panel.list.count()) if panel._name(row) == name)


def test_the_uppermost_layer_stands_first_and_hidden_ones_are_not_ticked(panel: LayersPanel) -> None:
    assert [panel._name(row) for row in range(panel.list.count())] == list(LAYERS)[::-1]
    ticked = {panel._name(row): panel.list.item(row).checkState() == Qt.CheckState.Checked for row in range(panel.list.count())}
    assert not ticked["zones"]
    assert all(yes for name, yes in ticked.items() if name != "zones")


def test_the_map_paints_its_layers_in_the_order_of_the_list() -> None:
    order = [layer.name for layer in Painter().layers if layer.name in LAYERS]
    assert order == list(LAYERS)


def test_a_tick_by_mouse_or_key_asks_for_one_layer(panel: LayersPanel, qtbot: QtBot) -> None:
    panel.list.setCurrentRow(row_of(panel, "zones"))
    with qtbot.waitSignal(panel.toggled) as asked:
        qtbot.keyClick(panel.list, Qt.Key.Key_Space)
    assert asked.args == ["zones"]
    with qtbot.assertNotEmitted(panel.toggled):
        panel.show_layers(PLAIN, {"roads"})


def test_keys_and_buttons_move_a_layer(panel: LayersPanel, qtbot: QtBot) -> None:
    panel.list.setCurrentRow(row_of(panel, "roads"))
    panel.list.setFocus()
    with qtbot.waitSignal(panel.changed) as changed:
        qtbot.keyClick(panel.list, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    names = list(LAYERS)
    at = names.index("roads")
    names[at], names[at + 1] = names[at + 1], names[at]
    assert changed.args[0].order == tuple(names)
    assert panel.current == "roads"
    with qtbot.waitSignal(panel.changed) as changed:
        panel.down.click()
    assert changed.args[0].order == ()  # as usual


def test_opacity_width_and_colour_are_of_the_layer_that_is_chosen(panel: LayersPanel, qtbot: QtBot) -> None:
    panel.list.setCurrentRow(row_of(panel, "zones"))
    assert panel.width_choice.isVisible()
    assert panel.colour.isVisible()
    panel.opacity.setValue(40)
    panel.width_choice.setCurrentIndex(4)
    panel.width_choice.activated.emit(4)
    with qtbot.waitSignal(panel.changed) as changed:
        panel.set_colour("zones", "#123456")
    assert changed.args[0].look("zones") == LayerLook(0.4, 2.0, "#123456")
    assert changed.args[0].theme(LIGHT).zone == "#123456"
    assert panel.colour.text() == "#123456"
    panel.list.setCurrentRow(row_of(panel, "labels"))
    assert panel.opacity.value() == 100
    assert not panel.width_choice.isVisible()
    panel.list.setCurrentRow(row_of(panel, "zones"))
    with qtbot.waitSignal(panel.changed) as changed:
        panel.usual.click()
    assert changed.args[0].look("zones") == USUAL


def test_looks_are_written_and_read_again_and_nonsense_is_plain() -> None:
    looks = Looks(("roads", "grids")).with_look("roads", LayerLook(0.5, 2.0, "#ff0000")).with_look("grids", USUAL)
    again = looks_of(looks.as_text(), LAYERS)
    assert again.order == ("roads", "grids")
    assert again.look("roads") == LayerLook(0.5, 2.0, "#ff0000")
    assert "grids" not in again.of
    assert looks_of(looks.as_text(), ["grids"]).order == ("grids",)
    for nonsense in ("", "[]", '{"order": 3, "of": {}}', '{"order": [], "of": {"roads": {"opacity": "x", "width": 1, "colour": ""}}}'):
        assert looks_of(nonsense, LAYERS) == PLAIN


def test_layers_that_were_arranged_share_the_places_they_had() -> None:
    layers = Painter().layers
    before = [layer.name for layer in layers]
    after = [layer.name for layer in Looks(("labels", "roads")).arranged(layers)]
    assert after.index("labels") == before.index("roads")
    assert after.index("roads") == before.index("labels")
    assert [name for name in after if name not in {"labels", "roads"}] == [name for name in before if name not in {"labels", "roads"}]
