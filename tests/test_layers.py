"""Each module imports only what stands before it; a new one fails until it has a place here."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest

# Core in import order. A line that begins with a folder holds that folder's modules in order;
# the folder's own ``__init__`` stands last in it, that of ``ikd.core`` before all.
CORE: Final = """
    errors ids timing validators cbor typos scalars structure
    resident/ masked free_text pasted nik regions contact device
    standard/ checked grounds calendar sla candidate findings biometric requirements channels steps
    standard/ zones about media pin_terms presence_terms registration formats checks deadlines
    standard/ complaintclock own_limits
    standard/ source_texts lifetimes quotas national toml_faults tomltext filelines file_text office
    standard/ versions upgrading stated numbered_text reached
    standard/ sheet
    tokens/ base45 curves publickey signing cose cwt cosesign keyrecord keyring qrtext pairing
    tokens/ proof inflate fixedblock claim169 credentialclaims credential credentialsize
    tokens/ presentation bitlist statuslist policy loosecbor foreign foreignkeys verdict memories
    tokens/ verifier challenge checkcode checkpoint
    secrets/ ciphers framing opaque sealing binding secret_verifier pin passcode ledger
    records/ actor event record journal notices patience person_text person questions case_record
    records/ phone_record law count decision context resident declaration looking waits kind
    records/ permission turn templates texts
    activation/ application commands events lifecycle weighing turn checking pins presence
    activation/ registering decisions waiting
    identity/ identity commands events lifecycle decisions opening waiting
    house/ house commands decisions
    complaint/ complaint receipt commands events clocks lifecycle waiting turn filing decisions
    decide ports
"""

# What each part outside core may import of ikd, beside itself; "*" is everything.
# "adapters" stands for its own folder only: one technology never leans on another's.
MAY_IMPORT: Final = {
    "file_writing": (),
    "data": ("core",),
    "errors": ("core", "data"),
    "adapters": ("core", "file_writing"),
    "adapters.api": ("core", "service", "wire", "file_writing"),  # a front end of its own
    "api": ("adapters",),
    "plugins": ("core", "adapters"),
    "service": ("core",),
    "commands": ("core",),
    "events": ("core",),
    "ports": ("core",),
    "qr": ("adapters",),
    "wire": ("core", "service"),
    "testing": ("core", "adapters", "service"),
    "bootstrap": ("*",),
    "cli": ("*",),
    "__init__": ("*",),
    "__main__": ("*",),
}

# Third-party code that core may use, with its one module where it has one.
CORE_LIBRARIES: Final = {
    "attrs": None,
    "cryptography": None,
    "cattrs": "structure",
    "cbor2": "cbor",
    "phonenumbers": "resident.contact",
    "email_validator": "resident.contact",
}
IMPURE: Final = """
    asyncio concurrent contextvars ftplib getpass glob http importlib io locale logging
    multiprocessing os pathlib platform random sched secrets select selectors shutil signal
    smtplib socket socketserver sqlite3 ssl subprocess tempfile threading time uuid webbrowser
"""
IMPURE_METHODS: Final = "now utcnow today urandom uuid4 generate generate_key generate_private_key"
IMPURE_BUILTINS: Final = "open print input exec eval __import__"


def _core_order() -> list[str]:
    """Names below ``ikd.core.`` in import order."""
    order: dict[str, None] = {}
    for line in CORE.strip().splitlines():
        folder, _, names = line.strip().rpartition("/ ")
        order |= dict.fromkeys(f"{folder}.{name}".lstrip(".") for name in names.split())
        if folder:
            order.pop(folder, None)
            order[folder] = None  # again, so that it stands last
    return list(order)


ORDER: Final = _core_order()


def modules(package: Path) -> dict[str, Path]:
    """Every module of *package* by its dotted name below ``ikd.``."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        found[".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path, name: str, known: dict[str, Path]) -> Iterator[str]:
    """Absolute names of all that the file imports, inside functions and for types too."""
    home = ("ikd", *name.split(".")) if name != "__init__" else ("ikd",)
    package = home if path.name == "__init__.py" else home[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            source = ".".join((*above, *filter(None, [node.module])))
            for alias in node.names:
                whole = f"{source}.{alias.name}"
                yield whole if whole.removeprefix("ikd.") in known else source


def imports_of_core(name: str, wanted: set[str]) -> Iterator[str]:
    """What the core module *name* (below ``core.``, itself empty) imports against the rules."""
    if name and name not in ORDER:
        yield "has no place in the list"
        return
    before = set(ORDER[: ORDER.index(name)]) if name else set()
    for target in wanted:
        top = target.partition(".")[0]
        if top == "ikd":
            if target.removeprefix("ikd.core.") not in before:
                yield f"imports {target}, which does not stand before it"
        elif top in sys.stdlib_module_names:
            if top in IMPURE.split():
                yield f"imports {target}: core is pure"
        elif CORE_LIBRARIES.get(top, "nowhere") not in (None, name):
            yield f"imports {target}, which has no place here"


def calls_of_core(path: Path) -> Iterator[str]:
    """The calls by which a core module would ask the world instead of being told."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(attr=called)) if called in IMPURE_METHODS.split():
                yield f"calls .{called}(): core is told, it never asks"
            case ast.Call(func=ast.Name(id=called)) if called in IMPURE_BUILTINS.split():
                yield f"calls {called}()"


def imports_outside_core(name: str, wanted: set[str]) -> Iterator[str]:
    """What a module outside core imports against the rules."""
    part, _, rest = name.partition(".")
    if part not in MAY_IMPORT:
        yield "has no place in the list"
        return
    own = f"{part}.{rest.partition('.')[0]}" if part == "adapters" else part
    allowed = {own, *MAY_IMPORT.get(own, MAY_IMPORT[part])}
    for target in wanted:
        top, _, inner = target.partition(".")
        if CORE_LIBRARIES.get(top) or (top == "pluggy" and part != "plugins"):
            yield f"imports {target}, which has no place here"
        inside = any(f"{inner}.".startswith(f"{name}.") for name in allowed)
        if top == "ikd" and "*" not in allowed and not inside:
            yield f"imports {target}, which belongs to another part"


def faults(package: Path) -> list[str]:
    """Every breach of the lists in the package, as one sentence each."""
    known = modules(package)
    found = []
    for name, path in known.items():
        wanted = set(imports(path, name, known))
        if name == "core" or name.startswith("core."):
            below = name.removeprefix("core").removeprefix(".")
            said = [*imports_of_core(below, wanted), *calls_of_core(path)]
        else:
            said = [*imports_outside_core(name, wanted)]
        found += [f"ikd.{name} {fault}" for fault in said]
    return sorted(found)


def _installed() -> Path:
    spec = find_spec("ikd")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


def test_every_module_imports_only_what_stands_before_it() -> None:
    assert faults(_installed()) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("core/errors.py", "import ikd.core.ids"),
        ("core/ids.py", "from ikd.core import timing"),
        ("core/ids.py", "from . import timing"),
        ("core/ids.py", "def later():\n    from ikd.core.timing import x"),
        (
            "core/ids.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import ikd.core.cbor",
        ),
        ("core/ids.py", "from ikd.core import Something"),
        ("core/ids.py", "import ikd"),
        ("core/ids.py", "from ikd.adapters.storage import memory"),
        ("core/ids.py", "import os.path"),
        ("core/ids.py", "from datetime import date as d\nx = d.today()"),
        ("core/ids.py", "x = open('file')"),
        ("core/ids.py", "import cbor2"),
        ("core/ids.py", "import requests"),
        ("core/__init__.py", "from ikd.core import errors"),
        ("core/resident/nik.py", "from ikd.core.resident.regions import x"),
        ("core/resident/nik.py", "from ikd.core.resident import Nik"),
        ("core/resident/__init__.py", "from ikd.core.standard import sla"),
        ("core/newcomer.py", ""),
        ("adapters/storage/memory.py", "import ikd.adapters.keys"),
        ("adapters/storage/memory.py", "from ...plugins import manager"),
        ("adapters/storage/memory.py", "from ikd import service"),
        ("adapters/storage/memory.py", "import pluggy"),
        ("adapters/storage/memory.py", "import cbor2"),
        ("plugins/manager.py", "from ikd import bootstrap"),
        ("service.py", "from ikd.adapters.storage import memory"),
        ("newcomer.py", ""),
    ],
)
def test_a_planted_breach_is_found(name: str, text: str, tmp_path: Path) -> None:
    package = _house(tmp_path)
    assert faults(package) == []
    package.joinpath(name).write_text(text, "utf-8")
    assert len(faults(package)) == 1


def test_what_the_lists_allow_passes(tmp_path: Path) -> None:
    package = _house(tmp_path)
    allowed = {
        "core/cbor.py": "import cbor2\nfrom .errors import x\nfrom ikd.core import ids",
        "core/resident/__init__.py": "from ikd.core.resident.nik import Nik",
        "core/standard/sla.py": "from ikd.core.resident import Nik\nfrom datetime import date",
        "adapters/storage/memory.py": "import os\nfrom . import sqlite\nfrom ikd.core import ids",
        "plugins/manager.py": "import pluggy\nfrom ikd.adapters.storage import memory",
        "bootstrap.py": "from ikd.adapters.storage import memory\nfrom ikd import service, plugins",
    }
    for name, text in allowed.items():
        package.joinpath(name).write_text(text, "utf-8")
    assert faults(package) == []


ROOMS: Final = """
    __init__ bootstrap service plugins/__init__ plugins/manager
    adapters/__init__ adapters/keys/__init__ adapters/storage/memory adapters/storage/sqlite
    core/__init__ core/errors core/ids core/timing core/cbor core/standard/__init__
    core/standard/sla core/resident/__init__ core/resident/nik core/resident/regions
"""


def _house(tmp_path: Path) -> Path:
    """A house of empty rooms with a few of the real names."""
    package = tmp_path / "ikd"
    for room in ROOMS.split():
        path = package / f"{room}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return package
