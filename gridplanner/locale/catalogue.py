"""Bring the catalogues up to date with the code: extract msgids, keep translations, compile (for developers; needs babel)."""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("gridplanner", "ui", "algorithms")
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
LANGUAGES = ("zh_CN",)


def extracted() -> Catalog:
    """Return the msgids that the code uses."""
    catalogue = Catalog(project="gridplanner", charset="utf-8")
    for package in PACKAGES:
        found = extract_from_dir(ROOT / package, method_map=[("**.py", "python")], keywords=KEYWORDS)
        for name, _line, message, _comments, context in sorted(found, key=lambda row: (row[0], row[1])):
            catalogue.add(message, locations=[(f"{package}/{Path(name).as_posix()}", 0)], context=context)
    return catalogue


def catalogue_file(language: str) -> Path:
    """Return where a language's translations are kept."""
    return Path(__file__).parent / language / "LC_MESSAGES" / "gridplanner.po"


def read_catalogue(language: str) -> Catalog:
    """Return a language's translations; an empty catalogue where there are none yet."""
    path = catalogue_file(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> int:
    """Write a language's .po and .mo for the code as it is; return how many msgids lack a translation."""
    kept = read_catalogue(language)
    kept.update(extracted(), no_fuzzy_matching=True)
    kept.obsolete.clear()
    path = catalogue_file(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, kept, width=120, omit_header=False, sort_output=True, include_lineno=False, ignore_obsolete=True, no_location=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, kept)
    return sum(1 for message in kept if message.id and not message.string)


def main() -> int:
    """Update every language; exit 1 where a translation is missing."""
    missing = {language: update(language) for language in LANGUAGES}
    print(", ".join(f"{language}: {count} without a translation" for language, count in missing.items()))
    return 1 if any(missing.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
