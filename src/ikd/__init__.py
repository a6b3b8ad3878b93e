"""ikd: the activation of Indonesia's digital population identity, office by office.

The front door. Everything is loaded when it is first asked for, so that importing ikd
costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ikd import api, commands, errors, events, ports, qr, wire
    from ikd.adapters.keys.keys_in_folder import FileKeys, add_station, new_keys
    from ikd.adapters.system import system_entropy
    from ikd.bootstrap.holiday_deadlines import deadlines
    from ikd.bootstrap.service_opening import open_service
    from ikd.bootstrap.verifier_opening import open_verifier
    from ikd.core.activation.application import Application, ApplicationStatus
    from ikd.core.complaint.complaint import (
        Complaint,
        ComplaintLetter,
        ComplaintStatus,
        Remark,
    )
    from ikd.core.decide import decide
    from ikd.core.errors import IkdError
    from ikd.core.identity.identity import Identity, IdentityStatus
    from ikd.core.ids import RecordId
    from ikd.core.ports import Done, Found, OutboxItem, Puzzle, Receipt, Refusal
    from ikd.core.records.actor import Actor, Role
    from ikd.core.records.declaration import Command
    from ikd.core.records.event import Event
    from ikd.core.records.journal import By, Entry
    from ikd.core.records.looking import Seen
    from ikd.core.records.notices import Message
    from ikd.core.records.record import Record
    from ikd.core.records.resident import Resident
    from ikd.core.records.templates import PublicText
    from ikd.core.records.waits import Waits
    from ikd.core.resident.contact import Email, Phone
    from ikd.core.resident.device import Device, DeviceKind, Platform, Version
    from ikd.core.resident.nik import Nik, Sex
    from ikd.core.resident.regions import Region
    from ikd.core.secrets.passcode import Passcode
    from ikd.core.secrets.pin import Pin
    from ikd.core.standard.calendar import Holidays
    from ikd.core.standard.candidate import Candidate
    from ikd.core.standard.deadlines import Deadline, Pause
    from ikd.core.standard.findings import Finding, RequirementVerdict
    from ikd.core.standard.office import Office
    from ikd.core.standard.reached import ChannelFinding
    from ikd.core.standard.steps import Published, Step
    from ikd.core.tokens.credentialclaims import CredentialClaims
    from ikd.core.tokens.foreign import ForeignCredential
    from ikd.core.tokens.foreignkeys import ForeignKey
    from ikd.core.tokens.keyrecord import KeyRecord
    from ikd.core.tokens.keyring import Keyring
    from ikd.core.tokens.policy import Policy
    from ikd.core.tokens.publickey import PublicKey
    from ikd.core.tokens.statuslist import StatusList
    from ikd.core.tokens.verdict import Reason, Verdict
    from ikd.core.tokens.verifier import Verifier
    from ikd.data.shipped_regions import find_region
    from ikd.plugins import hookimpl
    from ikd.plugins.offices import load_office
    from ikd.service import Service
    from ikd.service.complaints import (
        ComplaintCount,
        ComplaintDossier,
        ComplaintFile,
        ComplaintReceipt,
        ComplaintView,
        DossierStep,
        FeeShown,
        TextShown,
    )
    from ikd.service.delivery import Delivered
    from ikd.service.health import Health, LaneHealth
    from ikd.service.opened import Opened
    from ikd.service.parts import Settings
    from ikd.service.result import Result
    from ikd.service.waitlist import Waiting

_HOMES = {
    "Actor": "ikd.core.records.actor",
    "Application": "ikd.core.activation.application",
    "ApplicationStatus": "ikd.core.activation.application",
    "By": "ikd.core.records.journal",
    "Candidate": "ikd.core.standard.candidate",
    "ChannelFinding": "ikd.core.standard.reached",
    "Command": "ikd.core.records.declaration",
    "Complaint": "ikd.core.complaint.complaint",
    "ComplaintCount": "ikd.service.complaints",
    "ComplaintDossier": "ikd.service.complaints",
    "ComplaintFile": "ikd.service.complaints",
    "ComplaintLetter": "ikd.core.complaint.complaint",
    "ComplaintReceipt": "ikd.service.complaints",
    "ComplaintStatus": "ikd.core.complaint.complaint",
    "ComplaintView": "ikd.service.complaints",
    "CredentialClaims": "ikd.core.tokens.credentialclaims",
    "Deadline": "ikd.core.standard.deadlines",
    "Delivered": "ikd.service.delivery",
    "Device": "ikd.core.resident.device",
    "DeviceKind": "ikd.core.resident.device",
    "Done": "ikd.core.ports",
    "DossierStep": "ikd.service.complaints",
    "Email": "ikd.core.resident.contact",
    "Entry": "ikd.core.records.journal",
    "Event": "ikd.core.records.event",
    "FeeShown": "ikd.service.complaints",
    "FileKeys": "ikd.adapters.keys.keys_in_folder",
    "Finding": "ikd.core.standard.findings",
    "ForeignCredential": "ikd.core.tokens.foreign",
    "ForeignKey": "ikd.core.tokens.foreignkeys",
    "Found": "ikd.core.ports",
    "Health": "ikd.service.health",
    "Holidays": "ikd.core.standard.calendar",
    "Identity": "ikd.core.identity.identity",
    "IdentityStatus": "ikd.core.identity.identity",
    "IkdError": "ikd.core.errors",
    "KeyRecord": "ikd.core.tokens.keyrecord",
    "Keyring": "ikd.core.tokens.keyring",
    "LaneHealth": "ikd.service.health",
    "Message": "ikd.core.records.notices",
    "Nik": "ikd.core.resident.nik",
    "Office": "ikd.core.standard.office",
    "Opened": "ikd.service.opened",
    "OutboxItem": "ikd.core.ports",
    "Passcode": "ikd.core.secrets.passcode",
    "Pause": "ikd.core.standard.deadlines",
    "Phone": "ikd.core.resident.contact",
    "Pin": "ikd.core.secrets.pin",
    "Platform": "ikd.core.resident.device",
    "Policy": "ikd.core.tokens.policy",
    "PublicKey": "ikd.core.tokens.publickey",
    "PublicText": "ikd.core.records.templates",
    "Published": "ikd.core.standard.steps",
    "Puzzle": "ikd.core.ports",
    "Reason": "ikd.core.tokens.verdict",
    "Receipt": "ikd.core.ports",
    "Record": "ikd.core.records.record",
    "RecordId": "ikd.core.ids",
    "Refusal": "ikd.core.ports",
    "Region": "ikd.core.resident.regions",
    "Remark": "ikd.core.complaint.complaint",
    "RequirementVerdict": "ikd.core.standard.findings",
    "Resident": "ikd.core.records.resident",
    "Result": "ikd.service.result",
    "Role": "ikd.core.records.actor",
    "Seen": "ikd.core.records.looking",
    "Service": "ikd.service",
    "Settings": "ikd.service.parts",
    "Sex": "ikd.core.resident.nik",
    "StatusList": "ikd.core.tokens.statuslist",
    "Step": "ikd.core.standard.steps",
    "TextShown": "ikd.service.complaints",
    "Verdict": "ikd.core.tokens.verdict",
    "Verifier": "ikd.core.tokens.verifier",
    "Version": "ikd.core.resident.device",
    "Waiting": "ikd.service.waitlist",
    "Waits": "ikd.core.records.waits",
    "add_station": "ikd.adapters.keys.keys_in_folder",
    "deadlines": "ikd.bootstrap.holiday_deadlines",
    "decide": "ikd.core.decide",
    "find_region": "ikd.data.shipped_regions",
    "hookimpl": "ikd.plugins",
    "load_office": "ikd.plugins.offices",
    "new_keys": "ikd.adapters.keys.keys_in_folder",
    "open_service": "ikd.bootstrap.service_opening",
    "open_verifier": "ikd.bootstrap.verifier_opening",
    "system_entropy": "ikd.adapters.system",
}

__all__ = [
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


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    if name in __all__:
        return importlib.import_module(f"ikd.{name}")
    if name == "__version__":
        return importlib.import_module("importlib.metadata").version("ikd")
    raise AttributeError(f"module 'ikd' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
