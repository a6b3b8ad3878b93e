"""The conformance set: written by us, for whoever reads or writes these tokens.

    python tools/conformance write               # makes tests/vectors/ anew, the same every time
    python tools/conformance run COMMAND ...     # lets an implementation answer every case

COMMAND is started once, with the path of ``setup.json`` behind its own words. It reads a line of
JSON and answers it with one: a case with ``{"name": …, "outcome": "accept" | "warn" | "refuse"}``,
a token to write with ``{"name": …, "text": …}``. ``python tools/conformance/answer.py`` is such
a command.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import house
from answer import answerer
from failing import failing
from passing import known, passing
from writing import fault, jobs, keys

VECTORS = Path(__file__).parents[2] / "tests" / "vectors"
_SETUP, _WRITE = "setup.json", "to_write.json"
_PASS, _FAIL = "must_pass.json", "must_fail.json"


def made() -> dict[str, str]:
    """Return the files of the set by name.

    Raises:
        SystemExit: A case doesn't come out as its name says, or two are alike.
    """
    setup = _setup()
    answer = answerer(setup)
    groups = {
        _PASS: [case.row("warn" if case.reason else "accept") for case in passing()],
        _FAIL: [case.row("refuse") for case in failing()],
    }
    rows = [row for group in groups.values() for row in group]
    wrong = [
        f"{row['name']}: {answer(row)}, not {row['reason']}"
        for row in rows
        if _off(row, answer(row))
    ]
    _stop(wrong, "come out otherwise")
    _stop(_twice(row["name"] for row in rows), "have one name")
    _stop(_twice(_asked(row) for row in rows), "ask the same")
    files = {name: _json(group) for name, group in groups.items()}
    return {_SETUP: _json(setup), **files, _WRITE: _json(_to_write(groups[_PASS]))}


def _to_write(sound: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "about": "What to write, field by field: labels are CBOR's, bytes hexadecimal, 8 the "
        "compressed point of the phone. Private keys that anybody may know.",
        "keys": keys(),
        "jobs": jobs(sound),
    }


def _setup() -> dict[str, Any]:
    return {
        "about": "Keys, lists and times that every case is checked with. All keys and people are "
        "invented. Bytes are hexadecimal; device is the phone whose pairing codes are read.",
        "now": f"{house.NOW:%Y-%m-%dT%H:%M:%SZ}",
        "root": house.ROOT.public.raw.hex(),
        "device": house.DEVICE.public.raw.hex(),
        "uri": house.LIST,
        "keyring": house.keyring().write([house.ROOT]).hex(),
        "status_list": house.status_list().write(house.STATUS).hex(),
        "credentials": [one.hex() for one in known()],
    }


def _off(row: dict[str, Any], found: dict[str, str]) -> bool:
    return (row["outcome"], row["reason"]) != (found["outcome"], found["reason"])


def _stop(found: Sequence[str], what: str) -> None:
    if found:
        raise SystemExit(f"{len(found)} cases {what}:\n" + "\n".join(found))


def _twice(found: Iterable[str]) -> list[str]:
    return [one for one, count in Counter(found).items() if count > 1]


def _asked(row: dict[str, Any]) -> str:
    return json.dumps({key: row[key] for key in row.keys() - {"name", "outcome", "reason"}})


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=True) + "\n"


def write() -> int:
    """Write the files."""
    VECTORS.mkdir(parents=True, exist_ok=True)
    for name, text in made().items():
        (VECTORS / name).write_text(text, encoding="ascii")
        print(f"{name}: {text.count(chr(10) + ' {')} cases, {len(text)} bytes")
    return 0


def run(command: Sequence[str]) -> int:
    """Let *command* answer every case; print those that it takes for something else."""
    rows = [row for name in (_PASS, _FAIL) for row in json.loads((VECTORS / name).read_text())]
    written = json.loads((VECTORS / _WRITE).read_text())
    asked = "".join(_question(row) for row in rows) + "".join(
        json.dumps({**job, "keys": written["keys"]}) + "\n" for job in written["jobs"]
    )
    ended = subprocess.run(
        [*command, str(VECTORS / _SETUP)],
        input=asked,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    answers = _answers(ended.stdout.splitlines())
    wrong = [row for row in rows if answers.get(row["name"]) != row["outcome"]]
    for row in wrong:
        found = answers.get(row["name"], "no answer")
        print(f"{row['name']}: {found}, expected {row['outcome']} ({row['reason'] or 'nothing'})")
    by_name = {f"write_{row['name']}": row for row in rows}
    spoiled = [
        f"{job['name']}: {why}"
        for job in written["jobs"]
        if (why := fault(job, by_name[job["name"]], answers.get(job["name"], "")))
    ]
    print("".join(f"{line}\n" for line in spoiled), end="")
    print(f"{len(rows) - len(wrong)} of {len(rows)} cases as expected")
    jobs_done = len(written["jobs"]) - len(spoiled)
    print(f"{jobs_done} of {len(written['jobs'])} tokens written as they must be")
    return 1 if wrong or spoiled or ended.returncode else 0


def _question(row: dict[str, Any]) -> str:
    hidden = ("outcome", "reason")
    return json.dumps({key: value for key, value in row.items() if key not in hidden}) + "\n"


def _answers(lines: Iterable[str]) -> dict[str, str]:
    found = {}
    for line in lines:
        answer = json.loads(line)
        found[str(answer["name"])] = str(answer.get("outcome", answer.get("text")))
    return found


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["write"]:
            sys.exit(write())
        case ["run", *command] if command:
            sys.exit(run(command))
        case _:
            sys.exit(__doc__)
