"""Extract the game's messages, update the translations and compile them (needs Babel).

Run it after changing any text on screen, then translate what it reports::

    python scripts/update_locale.py
    python scripts/update_locale.py --check    # change nothing; exit 1 if something is stale
"""

from __future__ import annotations

import argparse
import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import jinja2
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from emotion_game.paths import LOCALE
from emotion_game.ui.i18n import DOMAIN, OWN_NAMES

PACKAGE = Path(__file__).resolve().parents[1] / "emotion_game"
#: Where words for the player stand.
ROOMS = ("screens", "ui", "kiosk/page")
TEMPLATE = LOCALE / f"{DOMAIN}.pot"
#: What the functions that mark a text are called, and which of their arguments are texts.
KEYWORDS = {"tr": 1, "mark": 1, "plural": 2}


#: Header lines that would change the files without any word having changed.
FLEETING = (
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Generated-By",
    "Last-Translator",
    "Language-Team",
    "Report-Msgid-Bugs-To",
)


def extract() -> Catalog:
    """Return every message in the source of the screens and their toolkit."""
    catalogue = Catalog(project=DOMAIN, version="screens", charset="utf-8")
    for path in sorted(path for room in ROOMS for path in (PACKAGE / room).rglob("*.py")):
        with path.open("rb") as source:
            for message in messages_in(source):
                catalogue.add(
                    message,
                    # Babel writes no line number for None, though its types want one.
                    locations=[(path.relative_to(PACKAGE).as_posix(), None)],  # type: ignore[list-item]
                )
    templates = jinja2.Environment(extensions=["jinja2.ext.i18n"])  # nosec: nothing is rendered
    for path in sorted(PACKAGE.rglob("templates/*.html")):
        found = templates.extract_translations(path.read_text("utf-8"), ("tr",))  # type: ignore[attr-defined]
        for _, _, message in found:
            if isinstance(message, str):  # else it is a name whose text is marked elsewhere
                catalogue.add(
                    message,
                    locations=[(path.relative_to(PACKAGE).as_posix(), None)],  # type: ignore[list-item]
                )
    return catalogue


def messages_in(source: BinaryIO) -> Iterator[str | tuple[str, ...]]:
    """Yield each message of a Python source; the singular and plural of one that counts.

    Babel's own extractor reads tokens, and those of an f-string differ between Python 3.11 and
    3.12: it overlooks what the older one has inside. The syntax tree is the same in all.
    """
    for node in ast.walk(ast.parse(source.read())):
        if not isinstance(node, ast.Call):
            continue
        name = str(getattr(node.func, "id", getattr(node.func, "attr", "")))
        texts = node.args[: KEYWORDS.get(name, 0)]
        given = tuple(
            each.value
            for each in texts
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        )
        if given and len(given) == KEYWORDS[name]:
            yield given if len(given) > 1 else given[0]


def as_po(catalogue: Catalog) -> bytes:
    """Return the catalogue as text, without the fleeting header lines."""
    catalogue.header_comment = "# What the game says on screen. See scripts/update_locale.py."
    buffer = io.BytesIO()
    write_po(buffer, catalogue, sort_output=True, include_lineno=False, ignore_obsolete=True)
    lines = buffer.getvalue().decode().splitlines()
    fleeting = tuple(f'"{key}' for key in FLEETING)
    kept = [line for line in lines if not line.startswith(fleeting)]
    return ("\n".join(kept).rstrip() + "\n").encode()


def as_mo(po: bytes, language: str) -> bytes:
    """Return the text of a catalogue compiled."""
    buffer = io.BytesIO()
    write_mo(buffer, read_po(io.BytesIO(po), locale=language, domain=DOMAIN))
    return buffer.getvalue()


def untranslated(po: bytes, language: str) -> list[str]:
    """Return the messages that lack a translation."""
    return [
        str(message.id)
        for message in read_po(io.BytesIO(po), locale=language, domain=DOMAIN)
        if message.id
        and not all([message.string] if isinstance(message.string, str) else message.string or [""])
    ]


def is_current(path: Path, data: bytes) -> bool:
    """Return whether the file says the same as ``data``; headers of compiled files don't count."""
    if not path.is_file():
        return False
    if path.suffix != ".mo":
        return path.read_bytes() == data
    old, new = (
        {str(message.id): str(message.string) for message in read_mo(io.BytesIO(raw)) if message.id}
        for raw in (path.read_bytes(), data)
    )
    return old == new


def build(language: str, template: Catalog) -> Catalog:
    """Return the language's catalogue with the template's messages; English translates itself."""
    path = po_path(language)
    if path.is_file():
        catalogue = read_po(io.BytesIO(path.read_bytes()), locale=language, domain=DOMAIN)
    else:
        catalogue = Catalog(locale=language, project=DOMAIN, version="screens", fuzzy=False)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.fuzzy = False
    if language == "en":
        for message in catalogue:
            if message.id:
                message.string = message.id
    return catalogue


def po_path(language: str) -> Path:
    """Return where the language's translations are edited."""
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def main() -> int:
    """Write, or with ``--check`` compare, the template and both languages' files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, report stale files")
    check = parser.parse_args().check
    template = extract()
    files = {TEMPLATE: as_po(template)}
    missing = 0
    for language in OWN_NAMES:
        po = as_po(build(language, template))
        files[po_path(language)] = po
        files[po_path(language).with_suffix(".mo")] = as_mo(po, language)
        for message in untranslated(po, language):
            missing += 1
            print(f"{language}: not translated: {message}", file=sys.stderr)
    stale = [path for path, data in files.items() if not is_current(path, data)]
    for path in stale:
        print(f"{'stale' if check else 'written'}: {path}", file=sys.stderr)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(files[path])
    return 1 if missing or (check and stale) else 0


if __name__ == "__main__":
    sys.exit(main())
