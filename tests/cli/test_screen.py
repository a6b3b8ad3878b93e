"""The screen: 80 columns, colours only where a person looks."""

from __future__ import annotations

import io

import pytest

from ikd.cli.screen import Screen

LONG = "kata " * 60


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch, no_colour: str = "") -> str:
    monkeypatch.setenv("NO_COLOR", no_colour)
    screen = Screen(stream)
    screen.rule("judul", "P1")
    screen.rule("judul")
    screen.item("1", LONG, "good")
    screen.item("→", "")
    screen.row("nama / name", LONG)
    screen.row("kosong", "")
    screen.box(["dari"], [LONG, ""])
    screen.paper("█▀\n▄ ")
    screen.line()
    return stream.getvalue()


def test_nothing_is_wider_than_eighty_columns(monkeypatch) -> None:
    assert max(map(len, shown(io.StringIO(), monkeypatch).splitlines())) == 80


def test_colours_are_for_terminals(monkeypatch) -> None:
    assert "\033" not in shown(io.StringIO(), monkeypatch)
    assert "\033" in shown(Terminal(), monkeypatch)


def test_no_color_is_obeyed(monkeypatch) -> None:
    assert shown(Terminal(), monkeypatch, "1") == shown(io.StringIO(), monkeypatch)


def test_a_colour_ends_on_its_own_line(monkeypatch) -> None:
    for line in shown(Terminal(), monkeypatch).splitlines():
        assert line.count("\033[0m") == ("\033" in line)
