"""Finds code of ``src/ikd`` that nothing in it uses, with ``vulture``; ``nox -s dead`` runs it.

    python tools/dead.py

What only tests use counts as dead: they prove what is there, they are no reason for it. Whatever is
alive all the same stands below with its reason, and must not stand there once it is used.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from vulture import Vulture  # type: ignore[import-untyped]

SOURCE = Path(__file__).parents[1] / "src" / "ikd"

ALIVE = {
    "Python calls it, or a library by its name": """
        __getattr__ __dir__ __call__ _own_number trace character_rotate word_offset_dx
        help lang render_usage render_description""",
    "a hook, which plugins implement": """
        ikd_offices ikd_channels ikd_store ikd_registry ikd_captcha ikd_keys ikd_event_recorded
        ikd_checkpoint_made""",
    "embedders and plugin authors use it: ikd.testing and the simulator": """
        to_passcode synchronise fail_next fail_if times_asked""",
    "front ends use it: docs/reference/api.md": """
        expired is_valid province_code regency_code service_name presence_refusal""",
    "a word that comes from outside": """
        WIDOWED RECORDED NOT_RECORDED DECEASED INACTIVE SEVERAL SMARTPHONE TABLET ANDROID IOS""",
    "a fact that requirements ask for by its name": "ever_married family_card app_installed",
    "an office's words, shown by the sheet, which reads every field": """
        stores typed_twice decline replaces pending recovery captcha_place fate finish domicile
        proviso short_name government phone_normal website handle_normal routes facilities intro
        steps_intro team_intro facilities_intro informs laws shown_on""",
    "a limit of ikd's own, shown by the sheet beside every standard": "phones apply_again",
    "a field of the credential, written by its number": "birth_year",
    "what the notes of a foreign credential mean: a test holds them": "NOTES",
    "what can be missing has its words: a test holds them": "MISSING",
}
"""Names by the reason why they stay."""
_ROW = re.compile(r'^    "[a-z ]+": "(\w+)\.(\w+)",$', re.MULTILINE)
ASKED = {
    name
    for module, function in _ROW.findall(SOURCE.joinpath("cli", "app.py").read_text("utf-8"))
    for name in (f"ikd.cli.{module}", function)
}
"""The command line's commands, which are loaded by their names when somebody asks for one."""


def unused() -> dict[str, str]:
    """Return what nothing uses: where it stands, by name."""
    found = Vulture(ignore_decorators=["@*.validator"])
    found.scavenge([str(SOURCE)])
    return {
        item.name: f"{item.filename.relative_to(SOURCE.parents[1])}:{item.first_lineno}: {item.typ}"
        for item in found.get_unused_code(min_confidence=60)
    }


def unread() -> dict[str, str]:
    """Return the modules that no other one names; a package and what it holds go without saying."""
    texts = {file: file.read_text("utf-8") for file in SOURCE.rglob("*.py")}
    named = {
        file: ".".join(file.relative_to(SOURCE.parent).with_suffix("").parts) for file in texts
    }
    return {
        name: f"src/{name.replace('.', '/')}.py: module"
        for file, name in named.items()
        if not file.stem.startswith("__")
        and not any(_names(name, text) for other, text in texts.items() if other != file)
    }


def _names(module: str, text: str) -> bool:
    package, _, name = module.rpartition(".")
    imported = rf"from {re.escape(package)} import [^#\n]*\b{name}\b"
    return re.search(rf"\b{re.escape(module)}\b|{imported}", text) is not None


def faults() -> list[str]:
    """Return what is dead, and what is excused and needn't be."""
    dead = unused() | unread()
    alive = {name for names in ALIVE.values() for name in names.split()}
    return [
        *(f"{dead[name]} {name} is used by nothing" for name in dead if name not in alive | ASKED),
        *(f"tools/dead.py: {name} is used, or gone" for name in sorted(alive - set(dead))),
    ]


if __name__ == "__main__":
    print(*faults(), sep="\n", end="\n" if faults() else "")
    sys.exit(1 if faults() else 0)
