"""Every sentence of the pages is there in both languages, and none is there for nothing."""

from __future__ import annotations

import re
from pathlib import Path

import ikd_portal
from ikd_portal.words import LANGUAGES, words

SOURCE = Path(ikd_portal.__file__).parent
FILES = [one for one in SOURCE.rglob("*") if one.suffix in (".html", ".py", ".js")]
TEXT = "\n".join(one.read_text("utf-8") for one in FILES)
NAMED = set(re.findall(r"""[^A-Za-z]["']([a-z][a-zA-Z_0-9]+)["']""", TEXT))
BEGUN = tuple(re.findall(r"""["'(]f?["']?([a-z_]+_)["'{]""", TEXT))
ASKED = set(re.findall(r"""\b(?:t|say|word)\("([a-z_0-9]+)\"[,)]""", TEXT))


def test_each_sentence_stands_in_both_languages():
    """Nobody meets a page that is half in another language."""
    assert {name: set(texts) for name, texts in words().items() if set(texts) != {*LANGUAGES}} == {}


def test_each_sentence_that_is_asked_for_is_there():
    """A page never fails for want of a word."""
    assert len(ASKED) > 100
    assert ASKED - words().keys() == set()


def test_no_sentence_is_there_for_nothing():
    """What no page says is deleted."""
    unsaid = [name for name in words() if name not in NAMED and not name.startswith(BEGUN)]
    assert unsaid == []
