"""The conformance set: the tool writes what is kept, and ikd answers every case as expected."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import zlib
from pathlib import Path
from types import ModuleType

import pytest

# Compressors differ in their output, not in what comes out again; the set is made by this one.
CLASSIC = "ng" not in zlib.ZLIB_RUNTIME_VERSION


@pytest.fixture
def tool(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    folder = root / "tools" / "conformance"
    monkeypatch.syspath_prepend(folder)
    spec = importlib.util.spec_from_file_location("conformance_tool", folder / "__main__.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def kept(root: Path, name: str) -> list[dict[str, str]]:
    return json.loads((root / "tests" / "vectors" / name).read_text("ascii"))


def test_the_set_is_what_the_tool_would_write(root: Path, tool: ModuleType):
    made = tool.made()  # which also checks that each case comes out as its name says
    assert set(made) == {"setup.json", "must_pass.json", "must_fail.json"}
    if CLASSIC:
        for name, text in made.items():
            assert (root / "tests" / "vectors" / name).read_text("ascii") == text, (
                "run: python tools/conformance write"
            )


def test_the_set_is_as_large_as_promised_and_every_case_has_its_name(root: Path):
    good, bad = kept(root, "must_pass.json"), kept(root, "must_fail.json")
    assert len(good) >= 60
    assert len(bad) >= 200
    names = [row["name"] for row in good + bad]
    assert len(set(names)) == len(names)
    assert {row["outcome"] for row in good} == {"accept", "warn"}
    assert {row["outcome"] for row in bad} == {"refuse"}


def test_ikd_answers_every_kept_case_as_expected(root: Path, tool: ModuleType):
    setup = json.loads((root / "tests" / "vectors" / "setup.json").read_text("ascii"))
    answer = tool.answerer(setup)
    for row in kept(root, "must_pass.json") + kept(root, "must_fail.json"):
        assert answer(row) == {"outcome": row["outcome"], "reason": row["reason"]}, row["name"]


def run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(root / "tools" / "conformance"), "run", *command],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_an_implementation_is_run_by_a_command(root: Path):
    done = run(root, sys.executable, str(root / "tools" / "conformance" / "answer.py"))
    assert done.returncode == 0, done.stderr
    total = len(kept(root, "must_pass.json")) + len(kept(root, "must_fail.json"))
    assert f"{total} of {total} cases as expected" in done.stdout


def test_one_that_takes_everything_is_found_out(root: Path, tmp_path: Path):
    careless = tmp_path / "careless.py"
    careless.write_text(
        "import json, sys\n"
        "for line in sys.stdin:\n"
        "    name = json.loads(line)['name']\n"
        "    print(json.dumps({'name': name, 'outcome': 'accept'}))\n"
    )
    done = run(root, sys.executable, str(careless))
    assert done.returncode == 1
    assert "bit_turned_in_signature_byte_00: accept, expected refuse (signature)" in done.stdout


def test_a_second_implementation_agrees_on_every_case(root: Path):
    second = Path(__file__).parent / "second_reader.py"
    imported = re.findall(r"^(?:from|import) (\w+)", second.read_text(), re.MULTILINE)
    assert "ikd" not in imported
    assert "cryptography" in imported
    done = run(root, sys.executable, str(second))
    total = len(kept(root, "must_pass.json")) + len(kept(root, "must_fail.json"))
    assert f"{total} of {total} cases as expected" in done.stdout
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("strict", "lax", "found"),
    [
        ("want(loose == {} and", "want(", "header_unprotected_besides: warn"),
        ("and spelled > before)", ")", "claims_two_labels_swapped: warn"),
        ("and not machine.unused_data", "", "zlib_byte_behind: warn"),
        ("want(header[1] == alg and", "want(", "algorithm_hs256: warn"),
        ("== 0)\n        return claims", "!= 1)\n        return claims", "status_suspended: warn"),
        ("now < claims[4] and", "", "presentation_of_90_seconds_ago: warn"),
        ('want(claims.get(10, b"") == challenge)', "", "presentation_challenge_missing"),
    ],
)
def test_one_that_is_lax_in_one_thing_is_told_in_which(
    root: Path, tmp_path: Path, strict: str, lax: str, found: str
):
    text = (Path(__file__).parent / "second_reader.py").read_text()
    assert text.count(strict) == 1
    (tmp_path / "lax.py").write_text(text.replace(strict, lax))
    done = run(root, sys.executable, str(tmp_path / "lax.py"))
    assert done.returncode == 1
    assert found in done.stdout


@pytest.mark.parametrize("words", [[], ["run"], ["else"]])
def test_wrong_usage_says_how(root: Path, words: list[str]):
    done = subprocess.run(
        [sys.executable, str(root / "tools" / "conformance"), *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "python tools/conformance write" in done.stderr
