"""One layer in the import dialog: what it is, what it is taken for, and which of its fields mean what."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gridplanner.i18n import _
from gridplanner.io.fields import FREE_WORDS, KNOWN
from gridplanner.io.preview import Preview, PreviewWish
from gridplanner.io.roles import guess_fields
from gridplanner.io.source_report import SourceReport
from gridplanner.settings import SourceSettings
from ui.dialogs.field_rows import FieldRows, FieldSample
from ui.dialogs.findings_list import findings_link, refusal_of, wrapping
from ui.dialogs.join_row import JoinRow, Table
from ui.dialogs.role_choice import role_choice
from ui.dialogs.source_choices import AUTO, SourceChoices, default_datum, default_read
from ui.dialogs.source_words import FIELD_WORDS, GEOMETRY_WORDS, ROLES
from ui.dialogs.text_choices import TextChoices

EXAMPLES = 4  # values shown of a field
JOINED = ("households",)  # roles whose counts may stand in a table of their own
TABLE, ROWS = "join.", "join.rows"  # how a joined table's fields are named in a plan file, and the number of its rows
PLACES = (("x", "y"), ("lonlat",), ("wkt",))  # words of a table for its coordinates, of which one group is enough
SEVERAL = 1.2  # rows a code from which a table is one of single households
KNOWN_BY_NAME = ("staff",)  # sources whose people may have names and work phones


class LayerCard(QFrame):
    """Asks for the role of a layer and the meaning of its fields; `changed` follows every choice, `chosen` a click or the focus.

    `choices` and `texts` hold how the layer is to be read; they are made when the layer is first looked at. `read_anew` follows them.
    """

    changed = Signal()
    chosen = Signal()
    read_anew = Signal()
    findings_asked = Signal()

    def __init__(self, report: SourceReport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.report = report
        self.setObjectName("card")
        self.join_row: JoinRow | None = None
        self.rows: FieldRows | None = None
        self._tables: Mapping[Table, LayerCard] = {}
        self._made: tuple[SourceChoices, TextChoices] | None = None
        self._names = list(report.fields)
        self._seen = dict(zip(report.columns, zip(*report.rows, strict=True), strict=False)) if report.rows else {}
        self._role = role_choice(report)
        self._role.installEventFilter(self)
        name = wrapping(self.title)
        name.setObjectName("value")
        self._small = QLabel(self._facts())
        self._small.setObjectName("small")
        self._small.setWordWrap(True)
        self._small.setMinimumWidth(1)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(name)
        texts.addWidget(self._small)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addLayout(texts, 1)
        top.addWidget(self._role, 0, Qt.AlignmentFlag.AlignVCenter)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 12)
        self._column.setSpacing(8)
        self._column.addLayout(top)
        self._tell_findings()
        self._role.currentIndexChanged.connect(self._take_role)

    @property
    def title(self) -> str:
        """File and layer in a few words."""
        stem = Path(self.report.path).name
        return stem if self.report.layer in {"", Path(stem).stem} else f"{stem} · {self.report.layer}"

    @property
    def key(self) -> Table:
        """Path and layer."""
        return self.report.path, self.report.layer

    @property
    def role(self) -> str:
        """What the layer is taken for; empty where it is left out."""
        return str(self._role.currentData())

    @property
    def is_table(self) -> bool:
        """True for a table whose rows may belong to another layer."""
        return self.report.readable and bool(self.report.fields) and (not self.report.geometry or self.report.from_columns)

    @property
    def is_placed(self) -> bool:
        """True where the rows have places as they are read now; those of a table count only for a role that needs them, or none."""
        own = bool(self.report.geometry) and not (self.report.from_columns and self.role)
        return self.report.readable and (own or self._needs_place)

    @property
    def is_osm(self) -> bool:
        """True for a part of an OpenStreetMap file, which has tags in place of fields."""
        return self.report.readable and not self.report.fields

    @property
    def choices(self) -> SourceChoices:
        """How its coordinates are to be read."""
        return self._reading()[0]

    @property
    def texts(self) -> TextChoices:
        """How its text and rows are to be read."""
        return self._reading()[1]

    @property
    def fault(self) -> str:
        """What is still to be chosen before it can be read, empty where all is."""
        if not self.role or self.rows is None:
            return ""
        if self._needs_place and not any(all(word in self.rows.mapping for word in group) for group in PLACES):
            return _("{layer}: choose the fields of its coordinates").format(layer=self.title)
        fault = self.join_row.fault if self.join_row is not None else ""
        if not fault and self._beside() and not any(name.startswith(TABLE) for name in self.rows.mapping.values()):
            fault = _("choose at least one field of the table that is joined")
        return f"{self.title}: {fault}" if fault else ""

    def take_for(self, role: str) -> None:
        """Take the layer for a role, or leave it out with an empty one."""
        self._role.setCurrentIndex(max(self._role.findData(role), 0))

    def choose_like(self, other: LayerCard) -> None:
        """Choose what was chosen on another card of the same layer."""
        if other._made is not None:
            self.choices.choose_like(other.choices)
            self.texts.choose_like(other.texts)
            self._rename(self.texts.tiles.fields, {})
        self.take_for(other.role)
        if self.rows is not None and other.rows is not None:
            for word in self.rows.boxes.keys() & other.rows.boxes.keys():
                self.rows.boxes[word].choose(other.rows.mapping.get(word, ""))

    def know_tables(self, tables: Mapping[Table, LayerCard]) -> None:
        """Take note of the tables that came along: their counts may belong to this layer."""
        self._tables = {key: card for key, card in tables.items() if key != self.key}

    def source(self) -> SourceSettings:
        """Return the source that a plan file would name."""
        report = self.report
        if self.is_osm:
            return SourceSettings(path=report.path, where=report.where, fields=dict(report.mapping))
        fields = self.rows.mapping if self.rows is not None else {}
        join = self.join_row.join if self.join_row is not None else None
        if join is not None and (table := self._tables[(join.path, join.layer)])._made is not None:
            join = dataclasses.replace(join, encoding=table.texts.encoding)
        wish = self.wish()
        return SourceSettings(
            path=report.path, layer=report.layer, encoding=wish.encoding, datum=self._datum, where=wish.where, fields=fields,
            crs=self._read_as[0], axes=self._read_as[1], scale=self._read_as[2], join=join,
        )  # fmt: skip

    def wish(self) -> PreviewWish:
        """Return what a preview is to show: the layer as it would be read."""
        report = self.report
        role = self.role or report.role
        if self.is_osm:
            return PreviewWish(report.path, report.layer, role, where=report.where)
        crs, axes, scale = self._read_as
        crs = crs if crs != AUTO else report.crs_guess or AUTO
        encoding, where = (self.texts.encoding, self.texts.where) if self._made else (AUTO, report.where)
        return PreviewWish(report.path, report.layer, role, encoding, crs, where, axes, scale, self._datum, self._places)

    @property
    def _places(self) -> tuple[tuple[str, str], ...]:
        """The words for coordinates with the fields they stand in, where they do."""
        if not self._needs_place and not (self.report.from_columns and not self.role):
            return ()
        mapping = self.rows.mapping if self.rows is not None and self.role else self.report.mapping
        found = {word: mapping[word] for group in PLACES for word in group if all(part in mapping for part in group)}
        return tuple(found.items())

    @property
    def _read_as(self) -> tuple[str, str, float]:
        """System, order and scale."""
        if self._made is not None:
            return self.choices.crs, self.choices.axes, self.choices.scale
        read = default_read(self.report)
        return read.crs, read.axes, read.scale

    @property
    def _datum(self) -> str:
        return self.choices.datum if self._made is not None else default_datum(self.report)

    @property
    def _needs_place(self) -> bool:
        """True where the coordinates stand in columns of a table, and the role needs them."""
        kinds = next((kinds for key, _words, kinds in ROLES if key == self.role), ("",))
        return "" not in kinds and (self.report.from_columns or not self.report.geometry)

    def take_focus(self) -> None:
        """Put the keyboard on the card's first field."""
        self._role.setFocus()

    def mark(self, *, current: bool) -> None:
        """Show whether this is the card whose layer is looked at."""
        self.setObjectName("chosenCard" if current else "card")
        self.style().unpolish(self)
        self.style().polish(self)

    def say_joined(self, to: str) -> None:
        """Say that this table's rows go to another layer; an empty text takes it back."""
        text = _("{facts} · joined to {layer}").format(facts=self._facts(), layer=to) if to else self._facts()
        if self._small.text() != text:
            self._small.setText(text)

    def take_preview(self, preview: Preview) -> None:
        """Show the values as they read now."""
        if preview.rows and preview.columns and self.report.fields:
            self._rename(preview.columns, dict(zip(preview.columns, zip(*preview.rows, strict=True), strict=True)))

    def samples(self, role: str = "", word: str = "") -> list[FieldSample]:
        """Return the fields with some of their values; `refused` depends on what they are to be."""
        found = []
        for own, name in zip(self.report.fields, self._names, strict=True):
            facts = self.report.facts.get(own)
            private = facts is not None and facts.private and not (role in KNOWN_BY_NAME and word in ("work_phone", "name"))
            refused = _("••• {what}: not read").format(what=facts.holds) if private and facts is not None else ""
            values = dict.fromkeys(value for value in self._seen.get(name, ()) if value)
            found.append(FieldSample(name, " · ".join(list(values)[:EXAMPLES]), refused))
        return found

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.chosen.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.chosen.emit()
        return super().eventFilter(watched, event)

    def _reading(self) -> tuple[SourceChoices, TextChoices]:
        if self._made is None:
            choices, texts = SourceChoices(self.report), TextChoices(self.report)
            self._made = choices, texts
            choices.changed.connect(self.read_anew)
            texts.encoded.connect(lambda: self._rename(texts.tiles.fields, {}))
            texts.changed.connect(self.read_anew)
        return self._made

    def _rename(self, names: Sequence[str], seen: Mapping[str, tuple[str, ...]]) -> None:
        """Show the fields as they are called in another encoding, with their values; what they mean stays."""
        before = self._names
        if len(names) < len(before):
            names = [*names, *before[len(names) :]]
        if len(names) != len(before) or (list(names) == before and (not seen or seen == self._seen)):
            return
        self._names, self._seen = list(names), dict(seen)
        for word, box in self.rows.boxes.items() if self.rows is not None else ():
            box.rename(self.samples(self.role, word))
        if self.join_row is not None:
            self.join_row.to_box.rename(self.samples())

    def _facts(self) -> str:
        report = self.report
        if not report.readable:
            return _("cannot be read")
        kind = _("places in a table") if report.from_columns else _(GEOMETRY_WORDS.get(report.geometry, report.geometry))
        facts = [f"{report.count:,} {kind}", report.crs.split(" (")[0]]
        return " · ".join(fact for fact in facts if fact)

    def _tell_findings(self) -> None:
        if not self.report.readable:
            self._column.addWidget(refusal_of(self.report))
        elif (link := findings_link(self.report)) is not None:
            link.clicked.connect(self.findings_asked)
            link.installEventFilter(self)
            self._column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)

    def _take_role(self) -> None:
        self._take_join()
        if self.report.fields:
            guess = self.report.mapping if self.role == self.report.role else guess_fields(self.role, self.report.fields)
            self._show_fields(self._with_table(dict(guess)))
        self.changed.emit()

    def _show_fields(self, guess: Mapping[str, str]) -> None:
        role = self.role
        if self.rows is None:
            if not role:
                return
            self.rows = FieldRows()
            self.rows.changed.connect(self.changed)
            self.rows.changed.connect(self.read_anew)  # the coordinates may stand in other fields
            self.rows.chosen.connect(self.chosen)
            self._column.insertWidget(1 if self.join_row is None else 2, self.rows)  # below the table that its counts come from
        words, always = list(KNOWN.get(role, ())), 1
        words += [word for word in guess if word not in words] if role in FREE_WORDS else []
        if role and self._needs_place:
            places = [word for group in PLACES for word in group if word in guess] or ["x", "y"]
            words, always = [*places, *(word for word in words if word not in places)], len(places) + 1
        beside = self._beside()
        called = {word: _(FIELD_WORDS.get(word, word)) for word in words}
        self.rows.show_words(called, guess, lambda word: [*self.samples(role, word), *beside], always)

    def _beside(self) -> list[FieldSample]:
        """Return the fields of the table that is joined."""
        if self.join_row is None or self.join_row.table is None:
            return []
        theirs = [dataclasses.replace(one, key=TABLE + one.name) for one in self.join_row.fields]
        return [*theirs, FieldSample(_("number of its rows"), "", "", ROWS)]

    def _with_table(self, guess: dict[str, str]) -> dict[str, str]:
        """Return the guess with fields of the table that is joined: counts are taken from there."""
        theirs = [one.name for one in self._beside() if not one.refused and one.key != ROWS]
        found = {word: TABLE + name for word, name in guess_fields(self.role, theirs).items()} if theirs else {}
        known = self.join_row.known if self.join_row is not None else None
        rows = self._tables[(known.path, known.layer)].report.count if known is not None else 0
        if known is not None and "households" not in found and rows > SEVERAL * known.of:
            found["households"] = ROWS  # a row a household
        return {**guess, **found}

    def _take_join(self) -> None:
        """Ask for a table of counts where the role may have one and there is a table."""
        wanted = self.role in JOINED and bool(self.report.geometry) and not self.report.from_columns and bool(self._tables)
        if wanted and self.join_row is None:
            joins = [join for join in self.report.joins if (join.path, join.layer) in self._tables]
            if not joins and self.report.geometry != "polygon":
                return
            self.join_row = JoinRow(joins)
            self.join_row.offer({key: card.samples() for key, card in self._tables.items()}, self.samples())
            self.join_row.chosen.connect(self.chosen)
            self.join_row.changed.connect(self._follow_join)
            self._column.insertWidget(1, self.join_row)
        elif not wanted and self.join_row is not None:
            self.join_row.hide()
            self.join_row.deleteLater()
            self.join_row = None

    def _follow_join(self) -> None:
        mapping = self.rows.mapping if self.rows is not None else {}
        own = {word: name for word, name in mapping.items() if not name.startswith(TABLE)}
        self._show_fields(self._with_table(own))
        self.changed.emit()
