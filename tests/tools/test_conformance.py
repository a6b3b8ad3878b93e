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
    assert set(made) == {"setup.json", "must_pass.json", "must_fail.json", "to_write.json"}
    if CLASSIC:
        for name, text in made.items():
            assert (root / "tests" / "vectors" / name).read_text("ascii") == text, (
                "run: python tools/conformance write"
            )


def test_the_set_is_as_large_as_promised_and_every_case_has_its_name(root: Path):
    good, bad = kept(root, "must_pass.json"), kept(root, "must_fail.json")
    assert len(good) >= 130
    assert len(bad) >= 1000
    readers = {"verifier", "office", "resident", "proof", "answer", "code"}
    assert {row["reader"] for row in good} == {row["reader"] for row in bad} == readers
    names = [row["name"] for row in good + bad]
    assert len(set(names)) == len(names)
    assert {row["outcome"] for row in good} == {"accept", "warn"}
    assert {row["outcome"] for row in bad} == {"refuse"}


def test_ikd_answers_every_kept_case_as_expected(root: Path, tool: ModuleType):
    setup = json.loads((root / "tests" / "vectors" / "setup.json").read_text("ascii"))
    answer = tool.answerer(setup)
    for row in kept(root, "must_pass.json") + kept(root, "must_fail.json"):
        assert answer(row) == {"outcome": row["outcome"], "reason": row["reason"]}, row["name"]


def to_write(root: Path) -> dict[str, list[dict[str, str]]]:
    return json.loads((root / "tests" / "vectors" / "to_write.json").read_text("ascii"))


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


OTHERS = {
    "second_reader.py": (sys.executable,),
    "phone.mjs": ("node",),
    "Phone.java": ("java",),
}


@pytest.mark.parametrize("name", OTHERS)
def test_an_implementation_of_its_own_agrees_on_every_case(root: Path, name: str):
    """In Python, JavaScript and Java, each written after the reference."""
    other = Path(__file__).parent / name
    imported = re.findall(r"^(?:from|import) .*", other.read_text("utf-8"), re.MULTILINE)
    assert imported
    assert not [line for line in imported if "ikd" in line]
    done = run(root, *OTHERS[name], str(other))
    total = len(kept(root, "must_pass.json")) + len(kept(root, "must_fail.json"))
    assert f"{total} of {total} cases as expected" in done.stdout, done.stdout + done.stderr
    jobs = len(to_write(root)["jobs"])
    assert f"{jobs} of {jobs} tokens written as they must be" in done.stdout
    assert done.returncode == 0, done.stderr


def test_every_token_that_must_pass_is_also_to_be_written(root: Path):
    jobs = to_write(root)["jobs"]
    assert {job["writer"] for job in jobs} == {
        *("credential", "presentation", "resident", "office", "proof", "code")
    }
    texts = {(row["reader"], row["text"]) for row in kept(root, "must_pass.json")}
    assert len(jobs) >= len(texts)


@pytest.mark.parametrize(
    ("right", "wrong", "found"),
    [
        ("% 10_000:04}", "% 10_000}", "write_code_with_leading_zero_1: other digits"),
        ("pairs = sorted(", "pairs = list(", "another header or payload"),
        ('"proof": ("", b"ikd/proof/1")', '"proof": ("", b"")', "the signature doesn't hold"),
        ("return prefix + base45_of", 'return "" + base45_of', "not readable"),
    ],
)
def test_one_that_writes_otherwise_is_told_in_what(
    root: Path, tmp_path: Path, right: str, wrong: str, found: str
):
    text = (Path(__file__).parent / "second_reader.py").read_text()
    assert text.count(right) == 1
    (tmp_path / "other.py").write_text(text.replace(right, wrong))
    done = run(root, sys.executable, str(tmp_path / "other.py"))
    assert done.returncode == 1
    assert found in done.stdout


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
