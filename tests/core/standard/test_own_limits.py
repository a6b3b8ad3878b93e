"""What ikd limits by itself stands once, and is what the code keeps."""

from __future__ import annotations

from pathlib import Path

from ikd.core.standard.grounds import walk
from ikd.core.standard.own_limits import OWN_LIMITS
from ikd.data.standards import labels

FACTS = {"phones", "apply_again"}  # what the code does without a number to read


def test_each_limit_is_a_default_with_a_reason_and_a_name() -> None:
    for path, item in walk(OWN_LIMITS, "ikd"):
        assert (item.clause, bool(item.why)) == (None, True), path
        assert path in labels("names")


def test_each_limit_is_read_where_it_is_kept(root: Path) -> None:
    files = (root / "src" / "ikd").rglob("*.py")
    source = "".join(file.read_text("utf-8") for file in files)
    names = [path for path, _ in walk(OWN_LIMITS) if path not in FACTS]
    assert [name for name in names if f"OWN_LIMITS.{name}.value" not in source] == []
