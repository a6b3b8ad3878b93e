"""The screen: 80 columns or fewer, colours only where a person looks."""

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
    monkeypatch.delenv("COLUMNS", raising=False)
    assert max(map(len, shown(io.StringIO(), monkeypatch).splitlines())) == 80


@pytest.mark.parametrize(("columns", "widest"), [(200, 80), (60, 60), (40, 40), (10, 40)])
def test_a_narrower_terminal_is_filled_and_not_passed(
    monkeypatch, columns: int, widest: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert max(map(len, shown(Terminal(), monkeypatch, "1").splitlines())) == widest
    assert max(map(len, shown(io.StringIO(), monkeypatch).splitlines())) == widest


@pytest.mark.parametrize("columns", ["", "0", "-5", "wide", "²"])
def test_columns_that_are_no_number_are_eighty(monkeypatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert max(map(len, shown(io.StringIO(), monkeypatch).splitlines())) == 80


def test_a_part_stands_two_columns_in_and_goes_on_deeper() -> None:
    stream = io.StringIO()
    Screen(stream).part(LONG)
    first, *others = stream.getvalue().splitlines()
    assert first.startswith("  kata")
    assert {line[:7] for line in others} == {"      k"}
    assert max(map(len, [first, *others])) <= 80


def test_in_a_narrow_terminal_a_name_stands_above_its_text(monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = shown(Terminal(), monkeypatch, "1").splitlines()
    assert lines[lines.index("nama / name") + 1].startswith("      kata")


def test_an_address_is_never_broken() -> None:
    stream, address = io.StringIO(), "https://example.id/" + "kantor-" * 20
    Screen(stream).item("", f"{LONG}{address} {LONG}")
    assert address in stream.getvalue()


def test_what_stands_deeper_goes_on_deeper() -> None:
    stream = io.StringIO()
    Screen(stream).item("", LONG, deeper=2)
    assert {line[:9] for line in stream.getvalue().splitlines()} == {"        k"}


def test_colours_are_for_terminals(monkeypatch) -> None:
    assert "\033" not in shown(io.StringIO(), monkeypatch)
    assert "\033" in shown(Terminal(), monkeypatch)


def test_no_color_is_obeyed(monkeypatch) -> None:
    assert shown(Terminal(), monkeypatch, "1") == shown(io.StringIO(), monkeypatch)


def test_a_colour_ends_on_its_own_line(monkeypatch) -> None:
    for line in shown(Terminal(), monkeypatch).splitlines():
        assert line.count("\033[0m") == ("\033" in line)


class Latin(io.StringIO):
    encoding = "latin-1"


def test_a_symbol_on_a_terminal_without_blocks_is_drawn_in_signs() -> None:
    blocks, signs = io.StringIO(), Latin()
    Screen(blocks).paper("█▀\n▄ \n di bawah")
    Screen(signs).paper("█▀\n▄ \n di bawah")
    assert blocks.getvalue() == "█▀\n▄ \n di bawah\n"
    assert signs.getvalue() == "####\n##  \n    \n##  \n di bawah\n"


def test_signs_that_a_terminal_lacks_are_plainer_and_no_wider() -> None:
    stream = Latin()
    Screen(stream).item("→", "“≥ 80” … " * 20)
    assert "≥" not in stream.getvalue()
    assert ">= 80" in stream.getvalue()
    assert max(map(len, stream.getvalue().splitlines())) <= 80


def test_a_table_has_headings_and_breaks_no_word_that_fits() -> None:
    stream = io.StringIO()
    rows = [("a", LONG.strip()), ("[bold]b", "x")]
    Screen(stream).table(["kunci", "isi"], rows)
    heading, *lines = stream.getvalue().splitlines()
    assert heading.split() == ["kunci", "isi"]
    assert lines[-1].split() == ["[bold]b", "x"]
    assert max(map(len, lines)) <= 80
    assert all(line == line.rstrip() for line in lines)
