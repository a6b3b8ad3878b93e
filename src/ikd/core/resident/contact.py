"""E-mail addresses and phone numbers: refused early, kept silent, one spelling each.

The only module that knows email_validator and phonenumbers, and it loads them at first use.
Both accept more than a resident's contact may be (look-alike domains, extensions, digits of
other scripts), so the characters are checked before they see a text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, final

from ikd.core.errors import ContactError, forgetting
from ikd.core.resident.masked import Masked
from ikd.core.resident.pasted import BLANKS, DASHES, QUOTES, UNSEEN, ascii_digits, without

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_ADDRESS_CHARACTERS: Final = 254  # RFC 5321 4.5.3.1.3 less the angle brackets
_PHONE_CHARACTERS: Final = 32  # E.164 has 15 digits; the rest is room for separators
# What would end a header, name a second recipient, hide one in an encoded word (RFC 2047)
# or need quoting: no mailbox of a resident needs any of it.
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029,;:<>()\[\]\\\"]|=\?")
# no letter, semicolon or number sign: without them there is no extension
_PHONE = re.compile(r"[( ]{0,2}\+?[0-9(). -]+", re.ASCII)
_INDONESIA = "62"  # ITU-T E.164; at home its numbers are dialled with a 0, so none begins so
_AROUND_A_NUMBER = without(BLANKS + DASHES + QUOTES + UNSEEN + "().,:;/_")
_NUMBER_LABEL = re.compile(
    "(?:no(?:m[oe]r)?|hp|tel(?:p|epon)?|wa|whatsapp)+(?=[+0-9])", re.I | re.A
)
_UNSEEN = without(UNSEEN + "\u00ad")
_AROUND_AN_ADDRESS = BLANKS + QUOTES + "<>,;"


@final
class Email(Masked):
    """One mailbox, its domain in lower-case ASCII (look-alike names show as ``xn--``)."""

    __slots__ = ()

    @forgetting
    def __init__(self, text: str) -> None:
        super().__init__(_read_address(text))

    @classmethod
    @forgetting
    def parse(cls, text: str) -> Email:
        """Return the mailbox that *text* names; blanks around it are ignored.

        Raises:
            ContactError: ``email.characters`` (line ends, quotes, brackets, commas, encoded
                words, or no text at all), ``email.length``, ``email.domain`` (a domain that
                isn't what it looks like) or ``email.form``.
        """
        return cls(text)

    @staticmethod
    def clean(text: str) -> str:
        """Return *text* without what is pasted around an address, still to be parsed.

        Blanks of every width at the ends and around the @, marks that nobody sees, "mailto:",
        quotation marks and angle brackets around it, and a comma behind it go.

        Raises:
            ContactError: *text* isn't a text at all (``email.characters``).
        """
        bare = _text(text, "email").translate(_UNSEEN).strip(_AROUND_AN_ADDRESS)
        if bare[:7].lower() == "mailto:":
            bare = bare[7:]
        return "@".join(part.strip(_AROUND_AN_ADDRESS) for part in bare.split("@"))

    @property
    def address(self) -> str:
        """The address that mail goes to, in ASCII; the local part as it was typed."""
        return self._text

    @property
    def shown(self) -> str:
        """What an operator compares: the address with the domain's true ASCII name."""
        return self._text

    @property
    def canonical(self) -> str:
        """The spelling that the blind index is made of: all in lower case.

        The standard lets a mail server tell ``A@`` from ``a@``; none that residents use does.
        """
        return self._text.lower()

    @property
    def mailbox(self) -> str:
        """The canonical spelling less what stands behind a plus sign: it goes to one mailbox."""
        local, _, domain = self.canonical.rpartition("@")
        return f"{local.partition('+')[0]}@{domain}"

    @property
    def masked(self) -> str:
        """First letters and the top-level domain: ``b***@e***.id``."""
        local, _, domain = self._text.rpartition("@")
        first = local[0] if len(local) > 2 else ""
        return f"{first}***@{domain[0]}***.{domain.rpartition('.')[2]}"


@final
class Phone(Masked):
    """The number of a mobile phone in E.164."""

    __slots__ = ()

    @forgetting
    def __init__(self, text: str, region: str = "ID") -> None:
        super().__init__(_e164(_read_number(text, region)))

    @classmethod
    @forgetting
    def parse(cls, text: str, region: str = "ID") -> Phone:
        """Return the mobile number that *text* names.

        Args:
            text: ``0812...``, ``812...``, ``62812...`` or ``+62812...`` with blanks, dots,
                dashes or parentheses; a number of another country needs its plus sign.
            region: Two letters of the country whose numbers need none.

        Raises:
            ContactError: ``phone.characters`` (extensions and other scripts' digits too),
                ``phone.length``, ``phone.form`` (no number of any country) or
                ``phone.not_mobile``: a fixed line is no "nomor telepon gawai pintar" (P17).
        """
        return cls(text, region)

    @staticmethod
    def clean(text: str) -> str:
        """Return *text* without what is typed and pasted around a number, still to be parsed.

        Blanks, dashes, dots, parentheses, quotation marks, marks that nobody sees and a leading
        "HP:", "WA:" or "Tel." go; digits of other scripts become 0 to 9, and the 00 before
        Indonesia's 62 a plus sign. Other letters stay and are refused by ``parse``.

        Raises:
            ContactError: *text* isn't a text at all (``phone.characters``).
        """
        bare = ascii_digits(_text(text, "phone")).translate(_AROUND_A_NUMBER)
        label = _NUMBER_LABEL.match(bare)
        bare = bare[label.end() :] if label else bare
        return f"+{bare[2:]}" if bare.startswith("00" + _INDONESIA) else bare

    @property
    def e164(self) -> str:
        """The number as ``+62...``: what is dialled, sealed and indexed."""
        return self._text

    @property
    def masked(self) -> str:
        """The last three digits."""
        return f"+***{self._text[-3:]}"


def _read_address(text: str) -> str:
    typed = _plain(text, "email", _ADDRESS_CHARACTERS)
    if _UNSAFE.search(typed):
        raise ContactError("email", "characters")
    import email_validator  # loaded at first use: importing ikd stays light

    try:
        found = email_validator.validate_email(
            typed,
            allow_smtputf8=False,
            allow_empty_local=False,
            allow_quoted_local=False,
            allow_domain_literal=False,
            allow_display_name=False,
            strict=True,
            check_deliverability=False,
            test_environment=False,
            globally_deliverable=True,
        )
    except ValueError:  # EmailNotValidError and what idna raises; its text holds the address
        found = None
    if found is None:
        raise ContactError("email", "form")
    if not _is_what_it_looks_like(typed.rpartition("@")[2], found.domain, found.ascii_domain):
        raise ContactError("email", "domain")
    return f"{found.local_part}@{found.ascii_domain}"


def _is_what_it_looks_like(typed: str, domain: str, ascii_domain: str) -> bool:
    """Return whether IDNA mapped nothing but case: full-width "ｂ" must not become "b"."""
    if typed.isascii():
        return True
    same = unicodedata.normalize("NFC", typed).lower() == domain
    return same and ascii_domain != domain


def _read_number(text: str, region: str) -> PhoneNumber:
    typed = _plain(text, "phone", _PHONE_CHARACTERS)
    if _PHONE.fullmatch(typed) is None:
        raise ContactError("phone", "characters")
    import phonenumbers  # its tables weigh more than all of ikd

    try:
        number = phonenumbers.parse(_international(typed) if region == "ID" else typed, region)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):  # which implies possible
        raise ContactError("phone", "form")
    return number


def _international(typed: str) -> str:
    """Return *typed* with the plus sign that whoever begins with 62 left out.

    Read as dialled at home, nine digits behind 62 would be a fixed line of Sumatra.
    """
    bare = typed.lstrip("( ")
    return f"+{bare}" if bare.startswith(_INDONESIA) else typed


def _e164(number: PhoneNumber) -> str:
    import phonenumbers  # see _read_number

    kinds = phonenumbers.PhoneNumberType
    kind = phonenumbers.number_type(number)
    # some countries, the United States among them, don't tell the two apart
    if kind not in (kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE):
        raise ContactError("phone", "not_mobile")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _plain(text: object, field: str, longest: int) -> str:
    """Return *text* without blanks at its ends, as a plain str of bounded length."""
    plain = _text(text, field).strip(" ")
    if not 0 < len(plain) <= longest:
        raise ContactError(field, "length")
    return plain


def _text(text: object, field: str) -> str:
    """Return *text* as a plain str: what a subclass overrides is asked for nothing."""
    if not issubclass(type(text), str):
        raise ContactError(field, "characters")
    return str.__str__(text)
