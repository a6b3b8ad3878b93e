"""``ikd plugins list``: what is installed, looked at without being run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ikd.cli import main


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Leaves behind what pip would."""

    def installed(distribution: str, rows: str, metadata: str = "Version: 1.2\n") -> None:
        info = tmp_path / distribution / f"{distribution}-1.2.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {distribution}\n{metadata}", "utf-8"
        )
        (info / "entry_points.txt").write_text(f"[ikd]\n{rows}", "utf-8")
        (info.parent / f"{distribution}.py").write_text("raise SystemExit(9)")
        monkeypatch.syspath_prepend(info.parent)

    return installed


def test_each_plugin_has_a_line_and_none_is_loaded(install, capsys) -> None:
    install("beta", "sms = beta:Plugin\n")
    install("alpha", "whatsapp = alpha\n")
    assert main(["plugins", "list"]) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["nama", "paket", "yang", "dimuat"],
        ["sms", "beta", "1.2", "beta:Plugin"],
        ["whatsapp", "alpha", "1.2", "alpha"],
    ]
    assert not {"alpha", "beta"} & set(sys.modules)


def test_a_name_that_two_offer_is_pointed_out(install, capsys) -> None:
    install("beta", "sms = beta\n")
    install("alpha", "sms = alpha\n")
    assert main(["plugins", "list"]) == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("sms: ditawarkan dua kali")


def test_a_distribution_without_a_version_is_listed_all_the_same(install, capsys) -> None:
    install("alpha", "sms = alpha\n", metadata="")
    assert main(["plugins", "list"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == ["sms", "alpha", "alpha"]


def test_signs_that_steer_a_terminal_are_not_passed_on(install, capsys) -> None:
    install("alpha", "s\x1b[2Jms = alpha\n")
    main(["plugins", "list"])
    assert "\x1b" not in capsys.readouterr().out


def test_nothing_installed_is_said_so(capsys, monkeypatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    assert main(["plugins", "list"]) == 0
    assert "Tidak ada plugin terpasang." in capsys.readouterr().out
