"""The filter of a source, a subset of SQL read and evaluated here, so that it means the same for every format and can do nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.model.lines import Bools

Column = NDArray[Any]
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>'(?:[^']|'')*')
  | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w:])
  | (?P<quoted>"(?:[^"]|"")+")
  | (?P<word>[^\W\d][\w:]*)
  | (?P<sign><>|!=|<=|>=|=|<|>|\(|\)|,)
    )""",
    re.VERBOSE,
)
_RESERVED = {"AND", "OR", "NOT", "IN", "LIKE", "IS", "NULL"}
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": np.equal, "<>": np.not_equal, "!=": np.not_equal, "<": np.less, ">": np.greater, "<=": np.less_equal, ">=": np.greater_equal,
}  # fmt: skip


@dataclass(frozen=True)
class _Field:
    name: str


@dataclass(frozen=True)
class _Truth:
    """Three-valued: where `known` is False the answer is SQL's unknown."""

    true: Bools
    known: Bools


_Operand = _Field | str | float
_Test = Callable[[Mapping[str, Column], int], _Truth]


@dataclass(frozen=True, eq=False)
class Where:
    """A parsed filter: its text and the fields it reads, in the order of their first mention."""

    text: str
    fields: tuple[str, ...]
    _test: _Test

    def mask(self, columns: Mapping[str, Column], count: int) -> Bools:
        """Return True for the rows that pass; `columns` holds every field of `fields` with `count` values each.

        A comparison with a missing value (None, NaN) is unknown, and unknown rows do not pass, as in SQL.
        """
        found = self._test(columns, count)
        return found.true & found.known


def parse_where(text: str) -> Where | None:
    """Return the filter that `text` says, None where it is empty; raises InputError that points at what cannot be read.

    >>> parse_where("level = 4 AND name LIKE '%社区'").fields
    ('level', 'name')
    """
    return _Parser(text).parse() if text.strip() else None


class _Parser:
    """Recursive descent over the tokens; each method reads one rule of the grammar."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._tokens()
        self.at = 0
        self.depth = 0
        self.fields: dict[str, None] = {}

    def parse(self) -> Where:
        test = self._either()
        if self._peek()[0]:
            raise self._unexpected()
        return Where(self.text, tuple(self.fields), test)

    def _tokens(self) -> list[tuple[str, str, int]]:
        tokens: list[tuple[str, str, int]] = []
        at, end = 0, len(self.text.rstrip())
        while at < end:
            found = _TOKEN.match(self.text, at)
            if found is None or found.lastgroup is None:
                raise self._error(at)
            kind, word = found.lastgroup, found[found.lastgroup]
            if kind == "word" and word.upper() in _RESERVED:
                kind, word = "reserved", word.upper()
            tokens.append((kind, word, found.start(found.lastgroup)))
            at = found.end()
        return tokens

    def _error(self, at: int) -> InputError:
        text = _("where = “{where}” cannot be read at “{rest}”; it knows = <> < > AND OR NOT IN LIKE IS NULL, text in single quotes")
        return InputError(text.format(where=self.text, rest=self.text[at : at + 20].strip() or _("its end")))

    def _unexpected(self) -> InputError:
        return self._error(self._peek()[2])

    def _peek(self) -> tuple[str, str, int]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("", "", len(self.text))

    def _take(self, kind: str, *words: str) -> str | None:
        found, word, _at = self._peek()
        if found != kind or (words and word not in words):
            return None
        self.at += 1
        return word

    def _need(self, kind: str, *words: str) -> str:
        word = self._take(kind, *words)
        if word is None:
            raise self._unexpected()
        return word

    def _either(self) -> _Test:
        tests = [self._both()]
        while self._take("reserved", "OR"):
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else _any_of(tests)

    def _both(self) -> _Test:
        tests = [self._negated()]
        while self._take("reserved", "AND"):
            tests.append(self._negated())
        return tests[0] if len(tests) == 1 else _not(_any_of([_not(test) for test in tests]))

    def _negated(self) -> _Test:
        turns = 0
        while self._take("reserved", "NOT"):
            turns += 1
        test = self._single()
        return _not(test) if turns % 2 else test

    def _single(self) -> _Test:
        if self._take("sign", "("):
            self.depth += 1
            if self.depth > 50:
                raise self._unexpected()
            test = self._either()
            self._need("sign", ")")
            self.depth -= 1
            return test
        left = self._operand()
        if not isinstance(left, _Field):
            self.at -= 1
            raise self._unexpected()
        sign = self._take("sign", *_COMPARE)
        if sign:
            return _comparison(left, sign, self._operand())
        if self._take("reserved", "IS"):
            turned = self._take("reserved", "NOT") is not None
            self._need("reserved", "NULL")
            return _not(_is_null(left)) if turned else _is_null(left)
        turned = self._take("reserved", "NOT") is not None
        word = self._need("reserved", "IN", "LIKE")
        test = self._members(left) if word == "IN" else _like(left, _unquoted(self._need("text")))
        return _not(test) if turned else test

    def _members(self, left: _Field) -> _Test:
        self._need("sign", "(")
        tests = [_comparison(left, "=", self._operand())]
        while self._take("sign", ","):
            tests.append(_comparison(left, "=", self._operand()))
        self._need("sign", ")")
        return _any_of(tests)

    def _operand(self) -> _Operand:
        kind, word, _at = self._peek()
        if kind not in {"text", "number", "quoted", "word"}:
            raise self._unexpected()
        self.at += 1
        if kind == "text":
            return _unquoted(word)
        if kind == "number":
            return float(word)
        name = word[1:-1].replace('""', '"') if kind == "quoted" else word
        self.fields[name] = None
        return _Field(name)


def _unquoted(word: str) -> str:
    return word[1:-1].replace("''", "'")


def _any_of(tests: list[_Test]) -> _Test:
    def test(columns: Mapping[str, Column], count: int) -> _Truth:
        answers = [part(columns, count) for part in tests]
        true = np.any([a.true & a.known for a in answers], axis=0)
        return _Truth(true, true | np.all([a.known for a in answers], axis=0))

    return test


def _not(test: _Test) -> _Test:
    def turned(columns: Mapping[str, Column], count: int) -> _Truth:
        answer = test(columns, count)
        return _Truth(~answer.true, answer.known)

    return turned


def _is_null(field: _Field) -> _Test:
    def test(columns: Mapping[str, Column], count: int) -> _Truth:
        return _Truth(is_missing(columns[field.name]), np.ones(count, bool))

    return test


def _like(field: _Field, pattern: str) -> _Test:
    wild = {"%": ".*", "_": "."}
    match = re.compile("".join(wild.get(sign) or re.escape(sign) for sign in pattern), re.IGNORECASE | re.DOTALL).fullmatch

    def test(columns: Mapping[str, Column], count: int) -> _Truth:
        known = ~is_missing(columns[field.name])
        words = _as_text(columns[field.name])
        return _Truth(np.fromiter((k and match(w) is not None for k, w in zip(known, words, strict=True)), bool, count), known)

    return test


def _comparison(left: _Field, sign: str, right: _Operand) -> _Test:
    compare = _COMPARE[sign]

    def test(columns: Mapping[str, Column], count: int) -> _Truth:
        ours = columns[left.name]
        if isinstance(right, _Field):
            theirs = columns[right.name]
        else:
            theirs = np.full(count, right, object if isinstance(right, str) else np.float64)
        if _is_number(ours) and isinstance(right, str) and np.isnan(_number(right)):
            text = _("where: the field “{field}” holds numbers and cannot be compared with the text '{text}'")
            raise InputError(text.format(field=left.name, text=right))
        known = ~(is_missing(ours) | is_missing(theirs))
        if _is_number(ours) or _is_number(theirs):
            ours, theirs = _as_number(ours), _as_number(theirs)
            known &= ~(np.isnan(ours) | np.isnan(theirs))
        else:
            ours, theirs = _as_text(ours), _as_text(theirs)
        true = np.zeros(count, bool)
        true[known] = compare(ours[known], theirs[known])
        return _Truth(true, known)

    return test


def is_missing(column: Column) -> Bools:
    """True for missing values: None, NaN and not-a-time."""
    if column.dtype == object:
        return np.array([value is None or (isinstance(value, float) and value != value) for value in column.tolist()], bool)
    if column.dtype.kind == "f":
        return np.isnan(column)
    return np.isnat(column) if column.dtype.kind in "mM" else np.zeros(len(column), bool)


def _is_number(column: Column) -> bool:
    return column.dtype.kind in "iufb"


def _as_text(column: Column) -> Column:
    return column.astype(str).astype(object)


def _as_number(column: Column) -> Column:
    return column.astype(float) if _is_number(column) else np.array([_number(value) for value in column], float)


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return np.nan
