"""The front door: light, complete, and the same for everybody until it is changed on purpose."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
import typing
from pathlib import Path

import pytest

import ikd
import ikd.testing
from ikd import commands as do
from ikd import events
from ikd.core.activation import events as activation_events
from ikd.core.identity import events as identity_events
from ikd.ports import KINDS

NAMES = [
    "Actor",
    "Application",
    "ApplicationStatus",
    "By",
    "Candidate",
    "ChannelFinding",
    "Command",
    "Complaint",
    "ComplaintCount",
    "ComplaintDossier",
    "ComplaintFile",
    "ComplaintLetter",
    "ComplaintReceipt",
    "ComplaintStatus",
    "ComplaintView",
    "CredentialClaims",
    "Deadline",
    "Delivered",
    "Device",
    "DeviceKind",
    "Done",
    "DossierStep",
    "Email",
    "Entry",
    "Event",
    "FeeShown",
    "FileKeys",
    "Finding",
    "ForeignCredential",
    "ForeignKey",
    "Found",
    "Health",
    "Holidays",
    "Identity",
    "IdentityStatus",
    "IkdError",
    "KeyRecord",
    "Keyring",
    "LaneHealth",
    "Message",
    "Nik",
    "Office",
    "Opened",
    "OutboxItem",
    "Passcode",
    "Pause",
    "Phone",
    "Pin",
    "Platform",
    "Policy",
    "PublicKey",
    "PublicText",
    "Published",
    "Puzzle",
    "Reason",
    "Receipt",
    "Record",
    "RecordId",
    "Refusal",
    "Region",
    "Remark",
    "RequirementVerdict",
    "Resident",
    "Result",
    "Role",
    "Seen",
    "Service",
    "Settings",
    "Sex",
    "StatusList",
    "Step",
    "TextShown",
    "Verdict",
    "Verifier",
    "Version",
    "Waiting",
    "Waits",
    "add_station",
    "api",
    "commands",
    "deadlines",
    "decide",
    "errors",
    "events",
    "find_region",
    "hookimpl",
    "load_office",
    "new_keys",
    "open_service",
    "open_verifier",
    "ports",
    "qr",
    "system_entropy",
    "wire",
]
HEAVY = ["attrs", "cbor2", "cattrs", "phonenumbers", "email_validator", "cryptography", "sqlite3"]


def loaded_by(statement: str) -> set[str]:
    """Return which modules *statement* loads in a fresh interpreter."""
    script = (
        "import sys\nbefore = set(sys.modules)\n"  # a coverage run has loaded sqlite3 itself
        f"{statement}\nprint('\\n'.join(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_importing_ikd_loads_nothing_heavy_and_nothing_of_its_own():
    modules = loaded_by("import ikd")
    assert not modules & set(HEAVY)
    assert {name for name in modules if name.startswith("ikd")} <= {"ikd"}


def test_reading_a_nik_loads_no_telephone_book():
    modules = loaded_by("import ikd; assert ikd.Nik.is_valid('1376015708909901')")
    assert not modules & {"phonenumbers", "email_validator", "cryptography", "cbor2"}


def test_the_front_door_is_a_list_that_is_changed_on_purpose():
    assert sorted(ikd.__all__) == sorted(NAMES)
    assert dir(ikd) == sorted([*NAMES, "__version__"])


@pytest.mark.parametrize("name", NAMES)
def test_every_name_leads_somewhere(name):
    assert getattr(ikd, name) is not None


def test_no_other_name_is_there():
    with pytest.raises(AttributeError, match="'ikd' has no attribute 'nothing'"):
        _ = ikd.nothing


def test_the_version_is_that_of_the_package():
    assert ikd.__version__.count(".") == 2


@pytest.mark.parametrize("door", [ikd, ikd.testing], ids=lambda door: door.__name__)
def test_what_checkers_see_is_what_is_there(door):
    """The names under TYPE_CHECKING, which editors read, are those that are loaded lazily."""
    tree = ast.parse(Path(inspect.getfile(door)).read_text("utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {alias.name: node.module for node in block.body for alias in node.names}
    assert sorted(seen) == sorted(door.__all__)
    for name, module in seen.items():
        whole = importlib.import_module(f"ikd.{name}") if module == "ikd" else None
        home = whole or getattr(importlib.import_module(module), name)
        assert getattr(door, name) is home


def test_a_front_end_that_uses_only_the_front_door_is_typed(tmp_path):
    """What is got is of its kind, whatever is passed is checked, and nothing is untyped."""
    tmp_path.joinpath("front_end.py").write_text(FRONT_END, "utf-8")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "front_end.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line.partition(" error: ")[2] for line in checked.stdout.splitlines()]
    assert [line for line in told if line] == [
        'Missing named argument "actor" for "find" of "Service"  [call-arg]'
    ], checked.stdout


FRONT_END = """
from collections.abc import Mapping

import ikd
from ikd import commands as do
from ikd import errors, events, ports, qr, wire
from ikd.testing import SoftDevice, seeded_entropy


class Letters:
    name = "letters"
    medium = "email"

    def deliver(self, message: ports.Message) -> ports.Receipt:
        return ports.Receipt(reference=message.id)


def told(service: ikd.Service, case: str, actor: ikd.Actor) -> Mapping[str, wire.Json]:
    found = service.get(case, actor=actor)
    until: str = found.expires_at.isoformat() + found.status.value
    if found.identity_id is not None:
        identity = service.get(found.identity_id, "identity", actor=actor)
        qr.png(service.credential(identity.id, actor=actor) + identity.credential.id + until)
    limits: list[ikd.Deadline] = list(service.deadlines(case, actor=actor))
    owed: tuple[ports.OutboxItem, ...] = service.owed(ports.Done.PARKED, actor=actor)
    entries: tuple[ikd.Entry, ...] = service.history(case, actor=actor)
    service.find()
    return {"limits": len(limits), "owed": len(owed), "entries": len(entries)}


def main() -> ikd.Result | ikd.PublicText | None:
    phone = SoftDevice(seeded_entropy("a phone"))
    device = ikd.Device(kind="smartphone", key=phone.public_key)
    office = ikd.load_office("payakumbuh")
    with ikd.open_service(offices=[office], channels=[Letters()]) as service:
        try:
            command = wire.read_command("{}")
            result = service.handle(command, actor=ikd.Actor.resident(), key="1")
            match result.events:
                case [events.PinRefused(attempts_left=left), *_] if left > 1:
                    return None
            told(service, result.application.id, ikd.Actor.operator("op", office=office.id))
            return result
        except errors.RefusedError as refusal:
            return service.public_text(refusal)
    do.Register(office=office.id, nik="1376015708909901", device=device)
"""


def test_every_command_is_exported():
    known = {command for kind in KINDS for command in kind.commands}
    assert {getattr(do, name) for name in do.__all__} == {*known, do.Attachment, do.Captcha}
    assert do.__all__ == sorted(do.__all__)


def test_every_event_of_applications_and_identities_is_exported():
    known = {one for kind in KINDS if kind.word != "resident" for one in kind.events}
    assert {getattr(events, name) for name in events.__all__} == known
    assert events.__all__ == sorted(events.__all__)


def test_every_event_class_that_is_written_is_one_of_its_kind():
    for module, word in ((activation_events, "application"), (identity_events, "identity")):
        tree = ast.parse(Path(inspect.getfile(module)).read_text("utf-8"))
        decorated = {
            node.name
            for node in tree.body
            if isinstance(node, ast.ClassDef)
            and any("event(" in ast.unparse(one) for one in node.decorator_list)
        }
        assert {one.__name__ for one in KINDS.named(word).events} == decorated


def _met(kind):
    """Yield every class of ours in a type."""
    for one in typing.get_args(kind):
        yield from _met(one)
    if inspect.isclass(kind) and kind.__module__.startswith("ikd"):
        yield kind


def test_whatever_a_public_function_takes_or_returns_can_be_imported():
    doors = [ikd, *(one for name in ikd.__all__ if inspect.ismodule(one := getattr(ikd, name)))]
    told = [getattr(door, name) for door in doors for name in door.__all__]
    functions = [one for one in told if inspect.isfunction(one)]
    classes = {one for one in told if inspect.isclass(one)}
    for kind in classes:
        methods = {name: one for name, one in vars(kind).items() if name[0] != "_"}
        functions += [one for one in methods.values() if inspect.isfunction(one)]
    lacking = {
        f"{function.__qualname__}: {met.__name__}"
        for function in functions
        for hint in _hints(function)
        for met in _met(hint)
        if met not in classes
    }
    assert lacking == set()


def _hints(function):
    module = inspect.getmodule(function)
    blind = [node for node in ast.parse(inspect.getsource(module)).body if isinstance(node, ast.If)]
    seen = dict(vars(module))
    for node in (inner for block in blind for inner in block.body):
        if isinstance(node, ast.ImportFrom):
            seen |= {alias.name: _imported(node.module, alias.name) for alias in node.names}
    return typing.get_type_hints(function, seen).values()


def _imported(module, name):
    """Return what an import would bind, be it a module that nobody has loaded yet."""
    source = importlib.import_module(module)
    if not hasattr(source, name):
        importlib.import_module(f"{module}.{name}")
    return getattr(source, name)
