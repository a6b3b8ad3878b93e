"""What an adapter is written against: every port as a Protocol, and every value that passes one.

A channel, a registry, a captcha, a key source, a store, a clock; what a verifier asks of its
surroundings; and what a further kind of record is made of (``open_service(kinds=...)``).
"""

from ikd.core.decide import KINDS
from ikd.core.ids import RecordId, draw_id
from ikd.core.ports import (
    KEY_ROLES,
    PURPOSES,
    CaptchaSource,
    Channel,
    Clock,
    Commit,
    Done,
    Entropy,
    Found,
    Horizon,
    KeySource,
    Lane,
    Late,
    Look,
    OutboxItem,
    PhotoFitter,
    Put,
    Puzzle,
    Read,
    Receipt,
    Refusal,
    Registry,
    Remembered,
    Row,
    Settled,
    SigningKey,
    Solved,
    SpokenCaptchaSource,
    Store,
)
from ikd.core.records.actor import Role
from ikd.core.records.context import Context, Evidence, Proven
from ikd.core.records.decision import Change, Claim, Decision, Effects, Plan, Secret
from ikd.core.records.declaration import Command, Declared, Guessed, Need
from ikd.core.records.event import Event, event
from ikd.core.records.journal import StoredEntry
from ikd.core.records.kind import Around, Columns, Find, Kind, Kinds, Owner, Rulebook
from ikd.core.records.law import Law
from ikd.core.records.notices import Message, Notice
from ikd.core.records.permission import check_permission, check_role
from ikd.core.records.person import Marital, Person
from ikd.core.records.phone_record import LivePin, PhoneRecord, SealedFields, SealedRecord
from ikd.core.records.questions import (
    Answer,
    Asked,
    KtpEl,
    OpenQuestion,
    Question,
    QuestionKind,
    RegistryStanding,
)
from ikd.core.records.record import Record
from ikd.core.resident.nik import Nik, Sex
from ikd.core.secrets.pin import Kdf
from ikd.core.secrets.sealing import SecretKey
from ikd.core.tokens.keyring_life import keyring_renewed, keyring_revoking, keyring_succeeded
from ikd.core.tokens.memories import ReplayMemory, Resolver, TrustMemory
from ikd.core.tokens.signing import Sign, Signer

__all__ = [
    "KEY_ROLES",
    "KINDS",
    "PURPOSES",
    "Answer",
    "Around",
    "Asked",
    "CaptchaSource",
    "Change",
    "Channel",
    "Claim",
    "Clock",
    "Columns",
    "Command",
    "Commit",
    "Context",
    "Decision",
    "Declared",
    "Done",
    "Effects",
    "Entropy",
    "Event",
    "Evidence",
    "Find",
    "Found",
    "Guessed",
    "Horizon",
    "Kdf",
    "KeySource",
    "Kind",
    "Kinds",
    "KtpEl",
    "Lane",
    "Late",
    "Law",
    "LivePin",
    "Look",
    "Marital",
    "Message",
    "Need",
    "Nik",
    "Notice",
    "OpenQuestion",
    "OutboxItem",
    "Owner",
    "Person",
    "PhoneRecord",
    "PhotoFitter",
    "Plan",
    "Proven",
    "Put",
    "Puzzle",
    "Question",
    "QuestionKind",
    "Read",
    "Receipt",
    "Record",
    "RecordId",
    "Refusal",
    "Registry",
    "RegistryStanding",
    "Remembered",
    "ReplayMemory",
    "Resolver",
    "Role",
    "Row",
    "Rulebook",
    "SealedFields",
    "SealedRecord",
    "Secret",
    "SecretKey",
    "Settled",
    "Sex",
    "Sign",
    "Signer",
    "SigningKey",
    "Solved",
    "SpokenCaptchaSource",
    "Store",
    "StoredEntry",
    "TrustMemory",
    "check_permission",
    "check_role",
    "draw_id",
    "event",
    "keyring_renewed",
    "keyring_revoking",
    "keyring_succeeded",
]
