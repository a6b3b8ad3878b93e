"""The offices that are searched: those that are shipped, and what differs in their variants.

Each change is made to the text of a shipped file, so that what is searched is what a file can
say.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

from ikd.core.standard.office import Office
from ikd.plugins.offices import load_office

NIGHTLY = os.environ.get("IKD_PROFILE") == "nightly"
Text = dict[str, Any]
Change = Callable[[Text], None]


def text_of(name: str) -> Text:
    """Return a shipped file as a mapping that can be changed."""
    file = resources.files("ikd.plugins.offices").joinpath(f"{name}.toml")
    return tomllib.loads(file.read_text("utf-8"))


def said(value: object) -> dict[str, object]:
    """Return *value* as a file writes it."""
    return {"value": value, "source": "default", "why": "contoh"}


def lowered(text: Text) -> None:
    """Lower budgets and lives as far as a file may; nightly leaves budgets as shipped."""
    short = {"life": "5 min"}
    few = {"tries_per_pin": 2, "tries_per_application": 3, "reissues": 1}
    for name, value in (short if NIGHTLY else short | few).items():
        text["pin"][name] = said(value)
    if "biometric" in text and not NIGHTLY:
        text["biometric"]["tries"] = said(2)
    text["presence"]["confirm_within"] = said("1 min")
    if not NIGHTLY:
        text["presence"]["check_code_tries"] = said(2)
    text["lives"] = dict.fromkeys(("draft", "paused", "pin_sent"), said("1 d"))
    if "sign_in" in text:
        text["sign_in"]["window"] = said("5 min")


def steps_of(text: Text) -> dict[str, dict[str, Any]]:
    """Return the steps of a file by name."""
    return {step["name"]: step for step in text["steps"]}


def grown(text: Text) -> None:
    """Ask that one is seventeen or was ever married, which the register may leave open."""
    ground = {"source": "default", "why": "contoh"}
    tests = ({"fact": "age", "at_least": 17}, {"fact": "ever_married", "holds": True})
    rule = {"id": "grown", "text": "Dewasa", "text_en": "Grown", **ground}
    text["requirements"].append({**rule, "any_of": [{**test, **ground} for test in tests]})


def review_after_presence(text: Text) -> None:
    """Let the ministry review only whoever came, and an officer hand over what no mail carries."""
    order = ("data_check", "biometric", "presence", "ministry_review", "decision")
    text["steps"] = [steps_of(text)[name] for name in ("register", *order, "activate")]
    text["pin"]["media"] = [
        {"kind": kind, "source": "default", "why": "contoh"} for kind in ("email", "officer")
    ]


def office_reads_without_sign_in(text: Text) -> None:
    """Let the office read the phone's QR, and a passcode follow at once, for whoever is grown."""
    grown(text)
    del text["sign_in"]
    text["presence"]["direction"] = said("office_reads_resident")
    steps_of(text)["presence"]["by"] = said("operator")


def steps_in_siak(text: Text) -> None:
    """Let all that can be done in SIAK itself be done there; ask for consent and an age.

    The standard holds from the first day on, counts a time from complete files, and lets nobody
    finish in a village.
    """
    grown(text)
    for name in ("data_check", "biometric", "ministry_review", "presence", "decision"):
        steps_of(text)[name]["performed_by"] = said("siak")
    ground = {"source": "default", "why": "contoh"}
    text["registration"]["terms"] = {"text": "Ketentuan", "accept": "Setuju", **ground}
    text["registration"]["consent"] = said(value=True)
    text["format"] = 2
    text["decree"]["effective_from"] = said("2026-11-23")
    text["sla"]["clauses"][0]["start"] = said("declared_complete")
    village = {"kind": "village", "name": "Desa", "begin": True, "finish": False, **ground}
    text["presence"]["places"] = [village]


def four_steps_only(text: Text) -> None:
    """Leave the four steps that every office has, with one PIN and one try."""
    text["steps"] = [steps_of(text)[n] for n in ("register", "presence", "decision", "activate")]
    del text["biometric"]
    for name in ("tries_per_pin", "tries_per_application"):
        text["pin"][name] = said(1)
    text["pin"]["reissues"] = said(0)


def operators_decide(text: Text) -> None:
    """Let the operators decide, and the visit be at any office."""
    steps_of(text)["decision"]["by"] = said("operator")
    text["presence"]["elsewhere"] = said(value=True)


def registry_reviews(text: Text) -> None:
    """Let the registry's answer stand for the ministry's review."""
    steps_of(text)["ministry_review"]["by"] = said("registry")


VARIANTS: Mapping[str, tuple[str, Change | None]] = {
    "payakumbuh": ("payakumbuh", None),
    "wakatobi": ("wakatobi", None),
    "review after presence": ("payakumbuh", review_after_presence),
    "office reads, no sign-in": ("wakatobi", office_reads_without_sign_in),
    "steps done in SIAK": ("payakumbuh", steps_in_siak),
    "four steps only": ("payakumbuh", four_steps_only),
    "operators decide": ("payakumbuh", operators_decide),
    "registry reviews": ("payakumbuh", registry_reviews),
}
"""Both shipped offices and six variants: the shipped file, and what is changed in it."""


def office_of(name: str) -> Office:
    """Return one of ``VARIANTS``, with lowered limits."""
    shipped, change = VARIANTS[name]
    text = text_of(shipped)
    lowered(text)
    if change is not None:
        change(text)
    return load_office(text)
