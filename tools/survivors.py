"""Says which mutants survived, and fails where too many did or one has no reason.

    mutmut run "ikd.core.secrets.*" && python tools/survivors.py

What mutmut changed only in the words of an error counts as neither killed nor survived: words are
for people, codes are what tests hold. Whatever else survives needs its reason below.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

LEAST = 95  # per cent that must be killed
REASONS: Mapping[str, str] = {
    "size.to_bytes(_PREFIX, )": "big-endian is what Python takes where nothing is said",
    '"ikd/pin/v1", 8), )': "big-endian is what Python takes where nothing is said",
    "> 5 * _LONGEST": "how much is looked at before it is refused as too long: no other answer",
    "if not 1 < length": "nobody derives a key of one byte",
    "{type(self).__name__} is never": "the words of a TypeError",
    "raise TypeError(": "the words of a TypeError",
}
"""Why a mutant may live, by what stands in its changed line."""

_TOLD = re.compile(r"^ +f?\".* .*\",?\)?$|Error\(|refused?\(|told = |words = |raise ")


def survivors() -> Iterator[tuple[str, list[str]]]:
    """Yield each mutant that survived, with the lines that it changed."""
    for name in _named("survived"):
        shown = _mutmut("show", name).splitlines()
        yield name, [line for line in shown if re.match(r"[-+](?![-+])", line)]


def _named(state: str) -> list[str]:
    listed = _mutmut("results", "--all", "true").splitlines()
    rows = (line.strip().rpartition(": ") for line in listed)
    return [name for name, _, found in rows if found == state]


def _mutmut(*words: str) -> str:
    done = subprocess.run(["mutmut", *words], capture_output=True, text=True, check=True)
    return done.stdout


def is_told(changed: list[str]) -> bool:
    """Say whether only the words of an error changed, which stand behind its code."""
    return all(_TOLD.search(line[1:]) for line in changed) and _codes(changed, "-") <= _codes(
        changed, "+"
    )


def _codes(changed: list[str], sign: str) -> set[str]:
    mine = "".join(line for line in changed if line.startswith(sign))
    return set(re.findall(r"\"[a-z_]+\.[a-z_]+\"", mine))


def reason_of(changed: list[str]) -> str | None:
    """Return why a mutant may live, or ``None``."""
    new = " ".join(line for line in changed if line.startswith("+"))
    old = " ".join(line for line in changed if line.startswith("-"))
    return next((why for mark, why in REASONS.items() if mark in new or mark in old), None)


def main(*wanted: str) -> int:
    """Print the score of what was run; 1 where it is too low or a survivor has no reason."""
    killed = len(_named("killed")) + len(_named("timeout"))
    lived = [(name, changed) for name, changed in survivors() if not is_told(changed)]
    lived = [one for one in lived if not wanted or any(fnmatchcase(one[0], w) for w in wanted)]
    unexplained = [(name, changed) for name, changed in lived if reason_of(changed) is None]
    for name, changed in unexplained:
        print(name, *changed, sep="\n    ")
    score = 100 * killed / max(killed + len(lived), 1)
    print(
        f"{killed} killed, {len(lived)} lived, {len(unexplained)} without a reason: {score:.1f} %"
    )
    return int(score < LEAST or bool(unexplained))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
