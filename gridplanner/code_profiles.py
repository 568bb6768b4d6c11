"""Layouts of grid codes: the profiles of standards in code_profiles.toml, and a planner's own template."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from gridplanner.i18n import _

STANDARD = "DB11/T 2157"
OWN = "template:"
LONGEST = 24  # characters of the field grid_code in exported layers
_FILE = Path(__file__).with_suffix(".toml")
_COMMUNITY = {"community": (0, 12), "county": (0, 6), "street": (6, 9), "community_no": (9, 12)}
_FIELDS = ("{community:12}", "{county}", "{street}", "{community_no}", "{kind:01}", "{seq:03}")
_PLAIN = re.compile(r"[0-9A-Za-z._/-]")


class Part(NamedTuple):
    """One piece of a code: the field that fills it ("" where `text` stands as it is), its width, and for a kind its two characters."""

    field: str
    width: int
    text: str = ""


class Frame(NamedTuple):
    """What stands before and after the number in a code; grids whose codes share it are numbered together."""

    before: str
    after: str


@dataclass(frozen=True)
class CodeProfile:
    """The layout of a grid code and the rules of its standard.

    `parts` from left to right, of fixed widths; `order` in which grids are numbered ("rows": rows from the north, west to east);
    `undivided`: a community that is one grid has the number 0; `merged_from`: the first number of communities merged from several,
    0 where the standard has no such rule; `source` the standard and its clauses.
    """

    name: str
    parts: tuple[Part, ...]
    order: str = "rows"
    undivided: bool = False
    merged_from: int = 0
    source: str = ""

    @cached_property
    def length(self) -> int:
        """Characters of a code."""
        return sum(part.width for part in self.parts)

    @cached_property
    def width(self) -> int:
        """Digits of the number."""
        return next(part.width for part in self.parts if part.field == "seq")

    @cached_property
    def before(self) -> int:
        """Characters before the number."""
        return sum(part.width for part in self.parts[: [part.field for part in self.parts].index("seq")])

    @property
    def last(self) -> int:
        """The highest number that a code has room for."""
        return int(10**self.width - 1)

    def frame(self, community: str, kind: int = 0) -> Frame:
        """Return what stands around the number in codes of a community (twelve digits); `kind` 0 service grid, 1 exclusive grid."""
        text = [_filled(part, community, kind) for part in self.parts]
        at = next(i for i, part in enumerate(self.parts) if part.field == "seq")
        return Frame("".join(text[:at]), "".join(text[at + 1 :]))

    def code(self, frame: Frame, number: int) -> str:
        """Return the code with `number` in a frame."""
        return f"{frame.before}{number:0{self.width}d}{frame.after}"

    def read(self, code: str) -> tuple[Frame, int] | None:
        """Return the frame and number of a code; None where it does not have this layout.

        >>> profile_of("DB11/T 2157").read("620802001003017")
        (Frame(before='620802001003', after=''), 17)
        """
        if not self.pattern.fullmatch(code):
            return None
        at = self.before
        return Frame(code[:at], code[at + self.width :]), int(code[at : at + self.width])

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The layout as a regular expression, a group for each part."""
        return _pattern(self.parts)


def profile_names() -> tuple[str, ...]:
    """Return the names of the standards' profiles, as a plan file writes them."""
    return tuple(str(row["name"]) for row in _rows())


@lru_cache(maxsize=64)
def profile_of(text: str = STANDARD) -> CodeProfile:
    """Return the profile that the plan file's key `codes` names.

    `text` is a standard's number (`DB11/T 2157`), one with the six digits of what its grids are for (`CJ/T 349:020100`), or a template of
    one's own: `template:{community:12}{kind:AB}{seq:03}`. Its fields: community (12 digits), or county (6), street (3) and community_no (3)
    of it; kind, two characters for service grids and exclusive grids; seq, the number and how many digits it has. Letters, digits and
    - _ . / stand as they are. Grids that agree in everything but the number are numbered together. Raises ValueError with what is wrong,
    at which character, and what is known.
    """
    if text.startswith(OWN):
        template = text.removeprefix(OWN).strip()
        return CodeProfile(text, _parts(template))
    wanted, colon, thing = (word.strip() for word in text.partition(":"))
    for row in _rows():
        if _plain(wanted) not in {_plain(name) for name in (row["name"], *row.get("also", ()))}:
            continue
        thing = thing if colon else row.get("object", "")
        if colon and "object" not in row:
            raise ValueError(_("codes is {value}; the codes of {name} have no part for what grids are for").format(value=text, name=wanted))
        if "object" in row and not re.fullmatch("[0-9]{6}", thing):
            example = f"{row['name']}:010000"
            message = _("codes is {value}; what grids are for has six digits, such as {example}")
            raise ValueError(message.format(value=text, example=example))
        parts = _parts(row["template"].replace("{object}", thing))
        name = f"{row['name']}:{thing}" if colon else row["name"]
        return CodeProfile(name, parts, row["order"], row.get("undivided", False), row.get("merged_from", 0), row["source"])
    message = _("codes is {value}; known are {names}, or a template of your own such as {example}")
    raise ValueError(message.format(value=text, names=", ".join(profile_names()), example=OWN + "{community:12}{seq:03}"))


@lru_cache(maxsize=1)
def _rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["profile"]
    return rows


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def _filled(part: Part, community: str, kind: int) -> str:
    if part.field in _COMMUNITY:
        start, stop = _COMMUNITY[part.field]
        return community[start:stop]
    return part.text[kind] if part.field == "kind" else part.text


@lru_cache(maxsize=64)
def _pattern(parts: tuple[Part, ...]) -> re.Pattern[str]:
    def group(part: Part) -> str:
        if part.field == "kind":
            return f"([{re.escape(part.text)}])"
        return f"([0-9]{{{part.width}}})" if part.field else f"({re.escape(part.text)})"

    return re.compile("".join(group(part) for part in parts))


def _parts(template: str) -> tuple[Part, ...]:
    """Return the pieces of a template; raises ValueError that names the character where it goes wrong, counted from 1."""
    parts: list[Part] = []
    at = 0
    while at < len(template):
        letter = template[at]
        if letter == "{":
            stop = template.find("}", at)
            if stop < 0:
                raise ValueError(_wrong(template, at, _("this bracket is never closed")))
            parts.append(_field(template, at, template[at + 1 : stop], {part.field for part in parts}))
            at = stop + 1
            continue
        if not _PLAIN.fullmatch(letter):
            raise ValueError(_wrong(template, at, _("codes are made of letters, digits and - _ . /")))
        if parts and not parts[-1].field:
            parts[-1] = Part("", parts[-1].width + 1, parts[-1].text + letter)
        else:
            parts.append(Part("", 1, letter))
        at += 1
    if not any(part.field == "seq" for part in parts):
        raise ValueError(_wrong(template, len(template), _("the number is missing; add it, such as {seq}").format(seq="{seq:03}")))
    length = sum(part.width for part in parts)
    if length > LONGEST:
        text = _("the code would have {n} characters; layers have room for {most}")
        raise ValueError(_wrong(template, len(template), text.format(n=length, most=LONGEST)))
    return tuple(parts)


def _field(template: str, at: int, body: str, before: set[str]) -> Part:
    """Return the piece that a field in brackets stands for; `before` holds the fields to the left of it."""
    name, colon, how = body.partition(":")
    if name in before:
        raise ValueError(_wrong(template, at, _("the field {name} stands here for the second time").format(name=name)))
    if name in _COMMUNITY:
        start, stop = _COMMUNITY[name]
        if colon and how != str(stop - start):
            text = _("the field {name} has {n} digits, not {how}")
            raise ValueError(_wrong(template, at, text.format(name=name, n=stop - start, how=how or "?")))
        return Part(name, stop - start)
    if name == "seq":
        if not re.fullmatch("0?[1-6]", how):
            text = _("the number needs its digits, one to six, such as {seq}")
            raise ValueError(_wrong(template, at, text.format(seq="{seq:03}")))
        return Part(name, int(how))
    if name == "kind":
        letters = how if colon else "01"
        if len(letters) != 2 or letters[0] == letters[1] or not all(_PLAIN.fullmatch(letter) for letter in letters):
            text = _("the kind needs two different characters, for service grids and exclusive grids, such as {kind}")
            raise ValueError(_wrong(template, at, text.format(kind="{kind:AB}")))
        return Part(name, 1, letters)
    raise ValueError(_wrong(template, at, _("there is no field {name}").format(name=name or "{}")))


def _wrong(template: str, at: int, why: str) -> str:
    text = _("codes: the template {template} goes wrong at character {n}: {why}. Known fields are {fields}")
    return text.format(template=template, n=at + 1, why=why, fields=" ".join(_FIELDS))
