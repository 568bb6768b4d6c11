"""How the program looks: two themes, one accent colour, a rhythm of 4 pixels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

FAMILIES = (
    "Segoe UI",
    "Microsoft YaHei UI",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "Noto Sans",
    "DejaVu Sans",
)
RESOURCES = (Path(__file__).parent / "resources").as_posix()
TEXT, SMALL, LARGE = 13, 11, 15  # pixels


@dataclass(frozen=True)
class Theme:
    """Every colour in use, by what it is for."""

    name: str
    window: str
    panel: str
    sunken: str
    line: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    accent_text: str
    tint: str
    good: str
    good_tint: str
    warn: str
    warn_tint: str
    bad: str
    bad_tint: str
    bar: str
    bar_out: str
    map: str
    land: str
    border: str
    road: str
    road_casing: str
    halo: str
    dot: str
    rail: str
    ring: str
    zone: str
    beat: str


LIGHT = Theme(
    name="light", window="#ffffff", panel="#ffffff", sunken="#f4f6f9", line="#e4e7ec", text="#101828", muted="#5d6b82", faint="#98a2b3",
    accent="#0b5fff", accent_hover="#0a50d8", accent_text="#ffffff", tint="#e9f1ff", good="#067647", good_tint="#d3f5e0", warn="#a15c07",
    warn_tint="#fdeecb", bad="#b42318", bad_tint="#fde4e1", bar="#9dc1ff", bar_out="#f4c2bc", map="#f5f4f1", land="#e9ecee",
    border="#26364f", road="#ffffff", road_casing="#d5d3cd", halo="#ffffff", dot="#5f6b7a", rail="#4a4a52", ring="#9dc1ff", zone="#7a3fb8",
    beat="#0b6a70",
)  # fmt: skip
DARK = Theme(
    name="dark", window="#15181d", panel="#191d23", sunken="#20252d", line="#2d343e", text="#e8ebf0", muted="#a3adbd", faint="#6c7788",
    accent="#6ea8ff", accent_hover="#8cbaff", accent_text="#0b1524", tint="#1d2d4d", good="#5fd39a", good_tint="#173a2a", warn="#f0b65c",
    warn_tint="#42321a", bad="#ff8a7d", bad_tint="#4a2320", bar="#3f6fbf", bar_out="#8f4a43", map="#101317", land="#1d222a",
    border="#b4bfce", road="#3a424e", road_casing="#181c22", halo="#12161c", dot="#b4bdca", rail="#c9ccd4", ring="#9dc1ff", zone="#c79bf2",
    beat="#5fc7c9",
)  # fmt: skip
THEMES = {"light": LIGHT, "dark": DARK}
_theme = LIGHT


def theme() -> Theme:
    """Return the theme in use: one program has one look at a time."""
    return _theme


def system_theme() -> str:
    """Return the name of the theme that the system asks for."""
    from PySide6.QtCore import Qt

    app = QApplication.instance()
    dark = isinstance(app, QApplication) and app.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return "dark" if dark else "light"


def use_theme(app: QApplication, name: str) -> None:
    """Give the whole program the look of a theme."""
    global _theme  # see theme()
    _theme = THEMES.get(name, LIGHT)
    app.setPalette(_palette(_theme))
    app.setStyleSheet(_stylesheet(_theme))


def font(size: int = TEXT, *, bold: bool = False) -> QFont:
    """Return the program's font with its Chinese fallbacks, at a size in pixels."""
    return QFont(_font(size, bold))  # a copy shares what finding the faces has cost


@lru_cache(maxsize=32)
def _font(size: int, bold: bool) -> QFont:
    made = QFont()
    made.setFamilies(list(FAMILIES))
    made.setPixelSize(size)
    made.setBold(bold)
    return made


def _palette(look: Theme) -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    colours = {
        roles.Window: look.window, roles.WindowText: look.text, roles.Base: look.panel, roles.AlternateBase: look.sunken,
        roles.Text: look.text, roles.Button: look.panel, roles.ButtonText: look.text, roles.ToolTipBase: look.panel,
        roles.ToolTipText: look.text, roles.Highlight: look.accent, roles.HighlightedText: look.accent_text,
        roles.PlaceholderText: look.muted, roles.Link: look.accent, roles.Mid: look.line, roles.Accent: look.accent,
    }  # fmt: skip
    for role, colour in colours.items():
        palette.setColor(role, QColor(colour))
    for role in (roles.Text, roles.WindowText, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(look.faint))
    return palette


def _stylesheet(t: Theme) -> str:
    return f"""
QMainWindow, QDialog, QMessageBox {{ background: {t.window}; }}
QToolTip {{ background: {t.panel}; color: {t.text}; border: 1px solid {t.line}; padding: 4px 8px; }}
QLabel#muted, QLabel#small {{ color: {t.muted}; }}
QLabel#small, QLabel#note {{ font-size: {SMALL}px; }}
QLabel#title {{ font-size: {LARGE}px; font-weight: bold; }}
QLabel#heading {{ color: {t.muted}; font-size: 12px; }}
QLabel#hint {{ color: {t.muted}; }}
QLabel#credit {{ color: {t.muted}; font-size: {SMALL}px; padding: 1px 6px; background: {t.panel}; }}
QLabel#good {{ color: {t.good}; font-weight: bold; }}
QLabel#bad {{ color: {t.bad}; font-weight: bold; }}
QLabel#value {{ font-weight: bold; }}
QLabel#warn {{ color: {t.warn}; font-weight: bold; }}
QLabel#warning {{ color: {t.warn}; font-size: 12px; }}
QFrame#card {{ border: 1px solid {t.line}; border-radius: 8px; background: {t.panel}; }}
QFrame#chosenCard {{ border: 1px solid {t.accent}; border-radius: 8px; background: {t.panel}; }}
QFrame#banner {{ background: {t.warn_tint}; border-radius: 6px; }}
QLabel#bannerWords {{ color: {t.warn}; font-size: 12px; }}
QFrame#findBox {{ border: 1px solid {t.line}; border-radius: 8px; background: {t.panel}; }}
QFrame#rule {{ background: {t.line}; border: none; }}
QWidget#topBar, QWidget#leftPanel, QWidget#rightPanel, QStatusBar {{ background: {t.panel}; }}
QWidget#topBar {{ border-bottom: 1px solid {t.line}; }}
QWidget#leftPanel {{ border-right: 1px solid {t.line}; }}
QWidget#rightPanel {{ border-left: 1px solid {t.line}; }}
QStatusBar {{ border-top: 1px solid {t.line}; color: {t.muted}; }}
QStatusBar::item {{ border: none; }}
QMenuBar {{ background: transparent; border: none; }}
QMenuBar::item {{ padding: 6px 8px; border-radius: 6px; background: transparent; }}
QMenuBar::item:selected, QMenuBar::item:pressed {{ background: {t.sunken}; }}
QMenu {{ background: {t.panel}; border: 1px solid {t.line}; padding: 4px; }}
QMenu::item {{ padding: 6px 28px 6px 24px; border-radius: 4px; }}
QMenu::item:selected {{ background: {t.tint}; color: {t.text}; }}
QMenu::item:disabled {{ color: {t.faint}; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 8px; }}
QPushButton {{ background: {t.panel}; border: 1px solid {t.line}; border-radius: 6px; padding: 0 14px; min-height: 30px; }}
QPushButton:hover {{ background: {t.sunken}; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QPushButton:focus {{ border-color: {t.accent}; }}
QPushButton:disabled {{ color: {t.faint}; }}
QPushButton#primary {{ background: {t.accent}; border: 1px solid {t.accent}; color: {t.accent_text}; min-height: 34px; }}
QPushButton#primary:hover {{ background: {t.accent_hover}; }}
QPushButton#primary:focus {{ border: 2px solid {t.ring}; }}
QPushButton#primary:disabled {{ background: {t.sunken}; border-color: {t.line}; color: {t.faint}; }}
QPushButton#second {{ padding: 0 6px; }}
QPushButton#icon {{ padding: 0; min-width: 0; min-height: 0; }}
QPushButton#small {{ min-height: 24px; padding: 0 10px; font-size: 12px; }}
QPushButton#chip {{ min-height: 22px; padding: 0 10px; font-size: 12px; border-radius: 11px; color: {t.muted}; }}
QPushButton#chip:checked {{ background: {t.tint}; color: {t.text}; }}
QPushButton#chip:focus {{ border-color: {t.accent}; }}
QPushButton#link {{ border: none; background: transparent; color: {t.accent}; padding: 0; min-height: 24px; text-align: left; }}
QPushButton#link:hover, QPushButton#link:focus {{ text-decoration: underline; }}
QPushButton#status {{ min-height: 22px; padding: 0 10px; font-size: 12px; }}
QPushButton#tab {{ border: none; border-bottom: 2px solid transparent; border-radius: 0; background: transparent; padding: 0 2px; }}
QPushButton#tab {{ color: {t.muted}; }}
QPushButton#tab:hover {{ color: {t.text}; }}
QPushButton#tab:focus {{ color: {t.accent}; }}
QPushButton#tab:checked {{ color: {t.text}; border-bottom-color: {t.accent}; font-weight: bold; }}
QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateTimeEdit {{
  background: {t.panel}; border: 1px solid {t.line}; border-radius: 6px; padding: 0 8px; min-height: 28px; }}
QAbstractSpinBox QLineEdit {{ border: none; background: transparent; padding: 0; min-height: 24px; }}
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QDateTimeEdit:focus {{ border-color: {t.accent}; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QComboBox::down-arrow {{ image: url({RESOURCES}/chevron.svg); width: 12px; height: 12px; }}
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {{ width: 0; border: none; }}
QDateTimeEdit::up-button, QDateTimeEdit::down-button {{ width: 0; border: none; }}
QComboBox QAbstractItemView {{ background: {t.panel}; border: 1px solid {t.line}; outline: none; }}
QComboBox QAbstractItemView {{ selection-background-color: {t.tint}; selection-color: {t.text}; }}
QScrollArea {{ background: transparent; border: none; outline: none; }}
QTableView, QListView, QTreeView {{ background: transparent; border: 1px solid transparent; border-radius: 4px; outline: none; }}
QTableView:focus, QListView:focus, QTreeView:focus {{ border-color: {t.ring}; }}
QComboBox QAbstractItemView, QComboBox QAbstractItemView:focus {{ border-radius: 0; }}
QTableWidget, QTreeWidget, QListWidget#boxed {{ border: 1px solid {t.line}; border-radius: 6px; }}
QTableView {{ gridline-color: {t.line}; selection-background-color: {t.tint}; selection-color: {t.text}; }}
QHeaderView {{ background: transparent; }}
QHeaderView::section {{ background: transparent; color: {t.muted}; border: none; border-bottom: 1px solid {t.line}; padding: 4px 5px; }}
QTableCornerButton::section {{ background: transparent; border: none; border-bottom: 1px solid {t.line}; }}
QProgressBar {{ background: {t.sunken}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {t.line}; border-radius: 4px; min-height: 28px; min-width: 28px; margin: 1px; }}
QScrollBar::handle:hover {{ background: {t.faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSlider::groove:horizontal {{ height: 4px; background: {t.line}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {t.accent}; border-radius: 2px; }}
QSlider::handle:horizontal {{
  width: 12px; height: 12px; margin: -6px 0; border-radius: 8px; background: {t.panel}; border: 2px solid {t.accent}; }}
QSlider::handle:horizontal:focus {{ background: {t.accent}; border-color: {t.ring}; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QSplitter::handle {{ background: {t.line}; }}
QSplitter#plain::handle {{ background: transparent; }}
QCheckBox {{ spacing: 8px; }}
QCheckBox::indicator, QListView::indicator, QTreeView::indicator, QTableView::indicator {{
  width: 14px; height: 14px; border: 1px solid {t.faint}; border-radius: 4px; background: {t.panel}; }}
QCheckBox::indicator:checked, QListView::indicator:checked, QTreeView::indicator:checked, QTableView::indicator:checked {{
  background: {t.accent}; border-color: {t.accent}; image: url({RESOURCES}/check-{t.name}.svg); }}
QCheckBox::indicator:focus {{ border-color: {t.accent}; }}
QMenu::indicator {{ width: 14px; height: 14px; left: 6px; }}
QMenu::indicator:checked {{ image: url({RESOURCES}/tick.svg); }}
QListWidget::item {{ padding: 6px 8px; border-radius: 4px; }}
QTreeWidget::item {{ padding: 5px 4px; }}
QTreeWidget::item:selected {{ background: {t.tint}; color: {t.text}; }}
QListWidget::item:hover {{ background: {t.sunken}; }}
QListWidget::item:selected {{ background: {t.tint}; color: {t.text}; }}
QPlainTextEdit {{ background: {t.sunken}; border: 1px solid {t.line}; border-radius: 6px; padding: 4px; }}
"""
