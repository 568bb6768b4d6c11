"""What is wrong with grid codes that came from elsewhere, in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gridplanner.code_profiles import CodeProfile
from gridplanner.i18n import _


def duplicate_codes(codes: Sequence[str]) -> dict[str, list[int]]:
    """Return the codes that stand more than once, each with its rows; empty codes are none.

    >>> duplicate_codes(["a", "b", "a", "", ""])
    {'a': [0, 2]}
    """
    rows: dict[str, list[int]] = {}
    for row, code in enumerate(codes):
        if code:
            rows.setdefault(code, []).append(row)
    return {code: mine for code, mine in rows.items() if len(mine) > 1}


def verify_code(profile: CodeProfile, code: str, communities: Collection[str] | None = None) -> list[str]:
    """Return what is wrong with a code, each problem in words; nothing where it is right.

    `communities` are the twelve-digit codes that exist; None leaves the community unchecked.
    """
    return verify_codes(profile, [code], communities)[0]


def verify_codes(profile: CodeProfile, codes: Sequence[str], communities: Collection[str] | None = None) -> list[list[str]]:
    """Return the problems of each code as `verify_code` does, and say of a code that stands more than once how often it does."""
    known = None if communities is None else {profile.frame(area, kind) for area in communities for kind in (0, 1)}
    often = {code: len(rows) for code, rows in duplicate_codes(codes).items()}
    out = []
    for code in codes:
        found = _layout_problems(profile, code)
        read = profile.read(code)
        if read is None:
            whole = code.zfill(profile.length)
            if known and whole != code and (read := profile.read(whole)) is not None and read[0] in known:
                found.append(_("zeros were lost in front, as spreadsheets do; it should be {code}").format(code=whole))
        else:
            frame, number = read
            if number == 0 and not profile.undivided:
                text = _("its number is {zero}; numbers start at {one}")
                found.append(text.format(zero="0" * profile.width, one="1".zfill(profile.width)))
            if known and frame not in known:
                found.append(_("there is no community {community} in the plan").format(community=_community(profile, code)))
        if code in often:
            found.append(_("it is used by {n} grids").format(n=often[code]))
        out.append(found)
    return out


def _layout_problems(profile: CodeProfile, code: str) -> list[str]:
    if not code:
        return [_("the code is empty")]
    if code != code.strip():
        return [_("there are spaces before or behind it")]
    if len(code) != profile.length:
        text = _("it has {n} characters; a code of {profile} has {length}")
        return [text.format(n=len(code), profile=profile.name, length=profile.length)]
    found, at = [], 0
    for part in profile.parts:
        piece, first, at = code[at : at + part.width], at + 1, at + part.width
        if part.field == "kind":
            if piece not in part.text:
                text = _("character {n} is {letter}; it must be {one} or {two}")
                found.append(text.format(n=first, letter=piece, one=part.text[0], two=part.text[1]))
        elif part.field:
            wrong = next((i for i, letter in enumerate(piece) if not (letter.isascii() and letter.isdigit())), None)
            if wrong is not None:
                found.append(_("character {n} is {letter}; it must be a digit").format(n=first + wrong, letter=piece[wrong]))
        elif piece != part.text:
            found.append(_("it has {piece} from character {n}; it must be {text}").format(piece=piece, n=first, text=part.text))
    return found


def _community(profile: CodeProfile, code: str) -> str:
    """Return the digits of a code that name its community, as far as its layout has them."""
    digits, at = "", 0
    for part in profile.parts:
        digits += code[at : at + part.width] if part.field in {"community", "county", "street", "community_no"} else ""
        at += part.width
    return digits
