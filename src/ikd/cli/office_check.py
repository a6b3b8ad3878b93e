"""``ikd office check`` and ``upgrade``: what a file's faults are, and what a newer format is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ikd.cli import language as spoken
from ikd.cli.failures import CannotError, Exit, fitted, office_faults
from ikd.cli.language import half
from ikd.core.errors import OfficeFileError, shown_path
from ikd.core.standard.checked import Fault
from ikd.core.standard.filelines import lines_of
from ikd.core.standard.formats import newest_format
from ikd.core.standard.numbered_text import NumberedText, numbered, text_faults, uncited
from ikd.core.standard.office import Office, newer_faults, parse_office_text
from ikd.core.standard.stated import stated_keys
from ikd.core.standard.upgrading import changes
from ikd.data.shipped_regions import find_region
from ikd.data.shown_only import shown_among
from ikd.file_writing import write_whole
from ikd.plugins.offices import load_office, packaged_offices

_FORMAT = re.compile(r"^(\s*format\s*=\s*)1(\s*(?:#.*)?)$", re.MULTILINE)


def check(*files: str, text: list[Path] | None = None) -> int:
    """Print a line for each valid file and every fault of the others; 1 if there are any."""
    if not files:
        raise CannotError(spoken.text("office.no_files"), Exit.USAGE)
    texts = [_read(file) for file in text or ()]
    bad = 0
    for file in files:
        try:
            office = load_office(file if file in packaged_offices() else Path(file))
            _check_quotes(office, texts)
        except OfficeFileError as error:
            bad += 1
            invalid = spoken.text("office.invalid")
            print(f"{shown_path(file)}: {invalid}", *map(fitted, office_faults(error)), sep="\n")
        else:
            valid = spoken.text("office.valid")
            print(f"{shown_path(file)}: {valid}  {office.id} {office.digest[:12]}")
            for line in _notes(office, texts):
                print(fitted(f"  {line}"))
    return Exit.REFUSED if bad else Exit.OK


def upgrade(file: Path, /) -> int:
    """Rewrite a file of an older format as one of the newest, and tell what that changes."""
    office = load_office(file)
    newest = newest_format()
    if office.format == newest:
        print(spoken.text("office.newest", file=shown_path(file), format=newest))
        return Exit.OK
    written = _FORMAT.sub(rf"\g<1>{newest}\g<2>", _read(file), count=1)
    made = parse_office_text(written)  # with every fault that the officer must mend first
    write_whole(file, written.encode(), mode=file.stat().st_mode & 0o777)
    print(spoken.text("office.upgraded", file=shown_path(file), format=made.format))
    for path, words in changes(office, made):
        print(fitted(f"  {path}: {half(words)}"))
    return Exit.OK


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise CannotError(
            f"{shown_path(file)}: {spoken.text('new.not_utf8')}", Exit.USAGE
        ) from None


def _numbered(office: Office, texts: list[str]) -> NumberedText:
    return numbered(texts, {source.prefix for source in office.evidence})


def _check_quotes(office: Office, texts: list[str]) -> None:
    faults: tuple[Fault, ...] = text_faults(office, _numbered(office, texts)) if texts else ()
    if faults:
        raise OfficeFileError(faults, lines_of(office.text, tuple(path for path, _ in faults)))


def _notes(office: Office, texts: list[str]) -> Iterator[str]:
    # What is worth a look although the file is valid.
    for path, reason in newer_faults(office):
        yield f"format {newest_format()}: {path}: {half(reason)}"
    if find_region(office.region.replace(".", "")).standing == "unknown":
        yield f"about.region: {spoken.text('office.no_region', region=office.region)}"
    for reason_of in shown_among(stated_keys(office)):
        if reason_of.loud:
            keys, why = ", ".join(reason_of.keys), reason_of.words[spoken.language()]
            yield f"{keys}: {spoken.text('office.only_shown')}: {why}"
    if texts:
        text = _numbered(office, texts)
        unnumbered = {source.prefix for source in office.evidence} - {
            clause.rstrip("0123456789") for clause in text.clauses
        }
        for prefix in sorted(unnumbered):
            yield spoken.text("office.unnumbered", prefix=prefix)
        if missing := uncited(office, text):
            yield spoken.text("office.uncited", clauses=", ".join(missing))
