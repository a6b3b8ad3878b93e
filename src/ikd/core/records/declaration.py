"""What a command says of itself: who may ask it, what must be prepared, what the public is told.

It stands on the command's class, and everything that must know reads it there: permissions,
the device's acts, who needs the slow hash, the reference.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar, Literal, TypeVar

import attrs

from ikd.core.errors import forgets
from ikd.core.ids import RecordId
from ikd.core.records.actor import Role
from ikd.core.secrets.passcode import Passcode
from ikd.core.secrets.pin import Pin
from ikd.core.standard.presence_terms import Right

_WORD = re.compile(r"(?<!^)(?=[A-Z])")
SINCE = "since"  # in the metadata of a command's field that came after form 1 of fingerprints


class Need(enum.IntEnum):
    """What is prepared for a command before its transaction, in the order it is met."""

    PROOF = 1
    """The device proof that came with it is checked."""
    PHONE_QR = 2
    """The phone's QR that was scanned is read."""
    OFFICE_QR = 3
    """The office's QR that the phone scanned is read."""
    PAIRING = 4
    """The check code of the phone that waits at the station is made."""
    CAPTCHA = 5
    """The filled-in captcha is checked."""
    FIELDS = 6
    """What the resident typed is sealed under a data key of the new record."""
    CONTACT = 7
    """A corrected contact is sealed under the record's data key."""
    FACTS = 8
    """What the resident states of themselves is sealed."""
    STATED = 9
    """What they stated before is opened."""
    SAMPLE = 10
    """The biometric sample is sealed."""
    TEXT = 11
    """What was written is sealed, under a data key of the new record or that of the record."""
    DEVICE_OWNER = 12
    """Who holds the claim on the phone is looked up."""
    RECEIPT = 13
    """Whose receipt came with it is looked up."""
    PLACE = 14
    """A free place on the status list is drawn."""
    AHEAD = 15
    """What was written ahead of the clock is looked up."""
    MESSAGE = 16
    """Whether the message that an officer names reached nobody is looked up."""
    JOURNAL = 17
    """The journal of the record that is named is checked and told again."""
    PERSON = 18
    """The registry's facts of the person are sealed, a portrait made small: slow."""
    GUESS = 19
    """A secret that was entered is hashed: slow."""
    PIN = 20
    """A new PIN is made and hashed: slow."""
    PASSCODE = 21
    """The chosen passcode is hashed: slow."""


SLOW = frozenset({Need.PERSON, Need.GUESS, Need.PIN, Need.PASSCODE})
"""Done only where the decision, rehearsed with stand-ins, would come to it."""


@attrs.frozen(kw_only=True)
class Guessed:
    """A secret that was entered, and the id of the one it is meant to be, if any counts.

    Attributes:
        secret_id: The secret that it is meant to be.
        entered: What was entered.
    """

    secret_id: RecordId | None
    entered: Pin | Passcode = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Declared:
    """A command's declaration; as a decorator it puts itself on the command's class.

    Attributes:
        by: Roles that may ask it.
        needs: What is prepared for it, or what tells so from the command.
        anywhere: An operator of another office may, where the standard lets the visit be there.
        decider: Only whom the office's standard names for its decision may.
        guesses_at: Which secret of the record the command guesses at.
        public: The public answer to it, by the name of its words.
        right: What an officer's title must allow, where the standard gives it to some title.
        place: What one must be able to do at the place where the operator serves, where the
            standard says it of that place.
        wall: Whether the clock's own time counts, though changes lie ahead of it.
    """

    by: AbstractSet[Role]
    needs: Iterable[Need] | Callable[[Any], Iterable[Need]] = ()
    anywhere: bool = False
    decider: bool = False
    guesses_at: Callable[[Any, Any], Guessed] | None = None
    public: str = "done"
    right: Right | None = None
    place: Literal["begin", "finish"] | None = None
    wall: bool = False

    def __call__(self, kind: type[C]) -> type[C]:
        """Let the command *kind* carry this declaration."""
        kind.declared = self
        return forgets(kind)


class Command:
    """Something that may be asked; its class carries its declaration."""

    __slots__ = ()
    declared: ClassVar[Declared]

    @classmethod
    def act(cls) -> str:
        """Return what a device proof for it says that it means: its name in snake case."""
        return _WORD.sub("_", cls.__name__).lower()

    def needs(self) -> frozenset[Need]:
        """Return what must be prepared for it."""
        needs = self.declared.needs
        return frozenset(needs(self) if callable(needs) else needs)


C = TypeVar("C", bound=Command)
