"""The bank's counter, run as its first lines say: on what a demo leaves behind."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from ikd.cli import main as ikd_command
from ikd.core.tokens import credential


def test_the_example_checks_what_the_demo_leaves(tmp_path: Path, root: Path, capsys) -> None:
    out = tmp_path / "demo"
    words = ["demo", "--office", "payakumbuh", "--store", "memory://", "--out", str(out)]
    assert ikd_command(words) == 0
    spec = importlib.util.spec_from_file_location("verify_qr", root / "examples" / "verify_qr.py")
    assert spec is not None
    assert spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    capsys.readouterr()
    for name in ("credential.png", "credential.txt"):
        assert example.main(str(out), str(out / name)) == 0
        told = capsys.readouterr().out
        assert told.startswith("warn\n- Kode tetap")
        assert "NIK ************99" in told
    forged = bytearray(credential.to_cose((out / "credential.txt").read_text("ascii")))
    forged[-1] ^= 1
    (out / "forged.txt").write_text(credential.to_text(bytes(forged)), "ascii")
    assert example.main(str(out), str(out / "forged.txt")) == 1
    assert capsys.readouterr().out.startswith("refuse\n- Tanda tangan")
    assert (out / "trust.json").is_file()
