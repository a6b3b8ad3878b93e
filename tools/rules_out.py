"""Takes the rule of each published clause out and sees that its test fails.

    python tools/rules_out.py [P11 W28 ...]

Works on a copy of the repository in a folder of its own, with the published texts that IKD_SEEDS
names. First all named tests run unchanged: one that fails anyway proves nothing. Prints a line a
clause, and ends with 1 if a test held without its rule.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from clauses import Honour, honours

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("src", "tests", "tools", "docs", "examples", "pyproject.toml", "README.md")
AT_ONCE = 2
FAILED = 1  # pytest: tests ran and some failed; anything above is another trouble


def main(wanted: Iterable[str]) -> int:
    """Take the rules of the *wanted* clauses out, or all, and return the exit code."""
    if not os.environ.get("IKD_SEEDS"):
        print("IKD_SEEDS is unset: no page is compared with its published text")
        return 1
    rows = honours()
    chosen = [rows[clause] for clause in wanted] or list(rows.values())
    with tempfile.TemporaryDirectory() as folder:
        rooms = [_copy(Path(folder, str(number))) for number in range(AT_ONCE)]
        if _run(rooms[0], sorted({honour.test for honour in chosen})):
            print("a test fails although no rule is taken out")
            return 1
        with ThreadPoolExecutor(AT_ONCE) as threads:
            held = threads.map(_share, rooms, (chosen[n::AT_ONCE] for n in range(AT_ONCE)))
            kept = [clause for share in held for clause in share]
    print(f"{len(chosen)} rules taken out, {len(kept)} unnoticed", *kept)
    return int(bool(kept))


def _copy(room: Path) -> Path:
    room.mkdir()
    for name in COPIED:
        whole = ROOT / name
        if whole.is_dir():
            leave = shutil.ignore_patterns("__pycache__", "node_modules")
            shutil.copytree(whole, room / name, ignore=leave)
        else:
            shutil.copy(whole, room / name)
    return room


def _share(room: Path, share: Iterable[Honour]) -> list[str]:
    return [honour.clause for honour in share if not _is_noticed(room, honour)]


def _is_noticed(room: Path, honour: Honour) -> bool:
    file = room / honour.file
    before = file.read_bytes()
    taken_out = before.replace(honour.stands.encode(), honour.instead.encode())
    if taken_out == before:
        print(f"{honour.clause}\tits rule isn't where the table says")
        return False
    file.write_bytes(taken_out)
    try:
        code = _run(room, [honour.test])
    finally:
        file.write_bytes(before)
    print(f"{honour.clause}\t{'noticed' if code == FAILED else f'UNNOTICED ({code})'}", flush=True)
    return code == FAILED


def _run(room: Path, tests: list[str]) -> int:
    path = os.pathsep.join((str(room / "src"), str(room / "tools")))
    ended = subprocess.run(
        (sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests),
        cwd=room,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
        capture_output=True,
        text=True,
    )
    if ended.returncode != 0 and len(tests) > 1:
        print(ended.stdout[-2000:])
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
