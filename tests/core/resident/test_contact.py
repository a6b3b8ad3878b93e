"""E-mail addresses and phone numbers: what is accepted, what is shown, what leaks."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ikd.core.errors import ContactError
from ikd.core.resident.contact import Email, Phone

MOBILE = "+6281234567890"


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("ayu@example.id", "ayu@example.id"),
        ("  ayu@example.id ", "ayu@example.id"),
        ("Ayu.B+ikd@EXAMPLE.ID", "Ayu.B+ikd@example.id"),
        ("ayu@bücher.example.id", "ayu@xn--bcher-kva.example.id"),
        ("ayu@BÜCHER.example.id", "ayu@xn--bcher-kva.example.id"),
        ("ayu@bu\u0308cher.example.id", "ayu@xn--bcher-kva.example.id"),
        ("ayu@xn--bcher-kva.example.id", "ayu@xn--bcher-kva.example.id"),
        ("ayu@ex\u0430mple.id", "ayu@xn--exmple-4nf.id"),
        ("a" * 64 + "@example.id", "a" * 64 + "@example.id"),
    ],
)
def test_an_address_is_kept_with_its_domain_in_lower_case_ascii(typed: str, address: str):
    email = Email.parse(typed)
    assert email.address == address
    assert email.shown == address


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", "length"),
        ("   ", "length"),
        ("a" * 250 + "@example.id", "length"),
        (None, "characters"),
        (b"ayu@example.id", "characters"),
        ("ayu@example.id\n", "characters"),
        ("ayu@example.id\r\nBcc: x@example.org", "characters"),
        ("ayu\x00@example.id", "characters"),
        ("a =?UTF-8?Q?=0A?=Bcc: x@example.org", "characters"),
        ("a=?UTF-8?Q?=0A?=@example.org", "characters"),
        ('"v@example.id" <e@example.org>', "characters"),
        ("Ayu <ayu@example.id>", "characters"),
        ("a@example.id,c@example.org", "characters"),
        ("a@example.id;c@example.org", "characters"),
        ('"a"@example.id', "characters"),
        ("(x)a@example.id", "characters"),
        ("a@[127.0.0.1]", "characters"),
        ("a\u2028@example.id", "characters"),
        ("ayu", "form"),
        ("@example.id", "form"),
        ("ayu@", "form"),
        ("ayu@localhost", "form"),
        ("ayu@kantor.test", "form"),
        ("ayu@@example.id", "form"),
        ("a" * 65 + "@example.id", "form"),
        ("ａyu@example.id", "form"),
        ("é@example.id", "form"),
        ("ayu@\ud800.id", "form"),
        ("ayu@xn--zzzz.id", "form"),
        ("ayu@exa\u200bmple.id", "form"),
        ("ayu@ｅxample.id", "domain"),
        ("ayu@example。id", "domain"),
        ("ayu@ｂücher.example.id", "domain"),
        ("ayu@ban\u212a.example.id", "domain"),
    ],
)
def test_an_address_that_mail_could_be_misled_by_is_refused(typed: object, fault: str):
    with pytest.raises(ContactError) as refused:
        Email.parse(typed)  # type: ignore[arg-type]
    error = refused.value
    assert (error.field, error.fault, error.code) == ("email", fault, f"email.{fault}")
    assert str(error) == f"email.{fault}: An e-mail address or phone number can't be used"
    assert error.__context__ is None


@given(st.one_of(st.text(), st.emails(), st.from_regex(r".{0,8}@.{0,12}\.id")))
@example("a@" + "b." * 100 + "id")
def test_any_text_is_one_mailbox_of_a_mail_header_or_a_contact_error(text: str):
    try:
        email = Email.parse(text)
    except ContactError:
        return
    message = EmailMessage()
    message["To"] = Address(addr_spec=email.address)
    again = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert [found.addr_spec for found in again["To"].addresses] == [email.address]
    assert again.keys() == ["To"]
    assert Email.parse(email.address) == email
    assert Email.parse(email.canonical).canonical == email.canonical


@pytest.mark.parametrize(
    "pasted",
    [
        "ayu@example.id",
        "\u00a0ayu@example.id\u2003",
        "\u202aayu@example.id\u202c",
        "ayu @ example.id",
        "ayu@exam\u00adple.id\ufeff",
        "mailto:ayu@example.id",
        "MAILTO: ayu@example.id",
        "<ayu@example.id>;",
        "\u201cayu@example.id\u201d,",
    ],
)
def test_what_is_pasted_around_an_address_is_cleaned_away(pasted: str):
    assert Email.clean(pasted) == "ayu@example.id"


@pytest.mark.parametrize(
    "pasted",
    [
        "a yu@example.id",
        "ayu@example.id, budi@example.id",
        "Ayu <ayu@example.id>",
        "a\nyu@example.id",
    ],
)
def test_cleaning_never_joins_two_texts_to_one_address(pasted: str):
    with pytest.raises(ContactError, match="characters"):
        Email.parse(Email.clean(pasted))


def test_the_index_spelling_ignores_case():
    assert Email.parse("Ayu@Example.ID").canonical == Email.parse("ayu@example.id").canonical
    assert Email.parse("Ayu@example.id") != Email.parse("ayu@example.id")


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Ayu+satu@Example.ID", "ayu@example.id"),
        ("ayu+satu+dua@example.id", "ayu@example.id"),
        ("ayu@example.id", "ayu@example.id"),
    ],
)
def test_what_stands_behind_a_plus_sign_goes_to_the_same_mailbox(address: str, mailbox: str):
    assert Email.parse(address).mailbox == mailbox


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("budi@example.id", "b***@e***.id"),
        ("ab@example.id", "***@e***.id"),
        ("budi@surel.example.org", "b***@s***.org"),
    ],
)
def test_a_masked_address_shows_first_letters_at_most(address: str, masked: str):
    email = Email.parse(address)
    assert (email.masked, str(email), f"{email}") == (masked,) * 3
    assert repr(email) == f"<Email {masked}>"


@pytest.mark.parametrize(
    "typed",
    [
        MOBILE,
        "081234567890",
        "6281234567890",
        "62 812-3456-7890",
        "0812.3456.7890",
        "(+62) 812 3456 7890",
        "+62 (0)812 3456 7890",
        " 0812 3456 7890 ",
    ],
)
def test_a_mobile_number_has_one_spelling(typed: str):
    assert Phone.parse(typed).e164 == MOBILE
    assert Phone.parse(Phone.clean(typed)).e164 == MOBILE


@pytest.mark.parametrize("typed", ["62811961234", "(62) 811-961-234", "620811961234", "811961234"])
def test_nine_digits_behind_62_are_a_mobile_number_and_no_line_of_sumatra(typed: str):
    assert Phone.parse(typed).e164 == "+62811961234"


@given(st.integers(810_000_000, 899_999_999).map(str))
def test_whatever_is_a_number_with_its_plus_sign_is_the_same_without(national: str):
    try:
        whole = Phone.parse(f"+62{national}")
    except ContactError:
        assume(False)
    assert Phone.parse(f"62{national}") == Phone.parse(f"0{national}") == whole


@pytest.mark.parametrize(
    "pasted",
    [
        "\u202a+62\u00a0812\u20113456\u20117890\u202c",
        "0812\u20133456\u20137890\ufeff",
        "\u0660\u0668\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\u0660",
        "\uff10\uff18\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff10",
        "HP: 0812-3456-7890",
        "No. WA 0812 3456 7890,",
        "tel:+6281234567890",
        "0062 812 3456 7890",
        "(0812) 3456 7890",
    ],
)
def test_what_is_pasted_around_a_number_is_cleaned_away(pasted: str):
    assert Phone.parse(Phone.clean(pasted)).e164 == MOBILE


@pytest.mark.parametrize(
    ("pasted", "fault"),
    [
        ("081234567890 / 081234567891", "form"),
        ("081234567890 ext 5", "characters"),
        ("0812345678g0", "characters"),
        ("", "length"),
    ],
)
def test_cleaning_makes_no_number_of_what_is_none(pasted: str, fault: str):
    with pytest.raises(ContactError, match=fault):
        Phone.parse(Phone.clean(pasted))


@pytest.mark.parametrize("kind", [Email, Phone])
@given(text=st.one_of(st.text(), st.text("0123456789+-.() \u0660@<>", max_size=40)))
def test_cleaning_a_contact_twice_changes_nothing_more(kind: type[Email | Phone], text: str):
    assert kind.clean(kind.clean(text)) == kind.clean(text)


@pytest.mark.parametrize("kind", [Email, Phone])
def test_cleaning_what_is_no_text_is_a_contact_error(kind: type[Email | Phone]):
    with pytest.raises(ContactError, match="characters"):
        kind.clean(None)  # type: ignore[arg-type]


def test_cleaning_gives_a_plain_str_and_asks_a_subclass_nothing():
    class Loud(str):
        def translate(self, _table: object) -> str:
            raise AssertionError

    assert type(Email.clean(Loud("ayu@example.id"))) is str
    assert type(Phone.clean(Loud("0812"))) is str


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("0852-1994-1449", "+6285219941449"),
        ("+65 8123 4567", "+6581234567"),
        ("+44 7911 123456", "+447911123456"),
        ("+1 202 555 0123", "+12025550123"),
    ],
)
def test_numbers_of_other_countries_are_mobile_numbers_too(typed: str, e164: str):
    assert Phone.parse(typed).e164 == e164


def test_a_number_without_plus_is_of_the_named_region():
    assert Phone.parse("8123 4567", region="SG").e164 == "+6581234567"
    with pytest.raises(ContactError, match="form"):
        Phone.parse("081234567890", region="XX")


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("0752796135", "not_mobile"),
        ("+62752796135", "not_mobile"),
        ("021 1234567", "not_mobile"),
        ("+628001234567", "not_mobile"),
        ("+62812345678;ext=9", "characters"),
        ("081234567890 x5", "characters"),
        ("081234567890#5", "characters"),
        ("٠٨١٢٣٤٥٦٧٨٩٠", "characters"),
        ("０８１２３４５６７８９０", "characters"),
        ("0812\n34567890", "characters"),
        ("0812\u00a034567890", "characters"),
        ("++6281234567890", "characters"),
        ("tel:+6281234567890", "characters"),
        (None, "characters"),
        (81234567890, "characters"),
        ("", "length"),
        ("0" * 33, "length"),
        ("()", "form"),
        ("112", "form"),
        ("+999123456", "form"),
        ("0000000000", "form"),
        ("0812345", "form"),
        ("+6281234567890123", "form"),
    ],
)
def test_what_is_no_number_of_a_mobile_phone_is_refused(typed: object, fault: str):
    with pytest.raises(ContactError) as refused:
        Phone.parse(typed)  # type: ignore[arg-type]
    error = refused.value
    told = f"phone.{fault}: An e-mail address or phone number can't be used"
    assert (error.field, error.fault, str(error)) == ("phone", fault, told)
    assert error.__context__ is None


@given(st.one_of(st.text(), st.text("0123456789+-.() ", max_size=34)))
@example("+62812345678 ")
def test_any_text_is_a_number_in_e164_or_a_contact_error(text: str):
    try:
        phone = Phone.parse(text)
    except ContactError:
        return
    assert phone.e164[0] == "+"
    assert phone.e164[1:].isdecimal()
    assert phone.e164.isascii()
    assert Phone.parse(phone.e164) == phone


def test_a_masked_number_shows_three_digits():
    phone = Phone.parse(MOBILE)
    assert (phone.masked, str(phone), f"{phone}") == ("+***890",) * 3
    assert repr([phone]) == "[<Phone +***890>]"


CONTACTS = [Email.parse("ayu@example.id"), Phone.parse(MOBILE)]


@pytest.mark.parametrize("contact", CONTACTS)
def test_a_contact_is_neither_pickled_nor_changed(contact: Email | Phone):
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="pickled"):
            pickle.dumps(contact, protocol)
    with pytest.raises(AttributeError):
        contact._text = "x"
    with pytest.raises(AttributeError):
        del contact._text
    assert not hasattr(contact, "__dict__")
    assert copy.copy(contact) is contact
    assert copy.deepcopy([contact])[0] is contact


def test_contacts_are_equal_by_their_text_within_their_kind():
    email, phone = CONTACTS
    assert {email, Email("ayu@EXAMPLE.id"), phone} == {email, phone}
    assert email != phone
    assert phone != MOBILE
    assert phone == Phone("081234567890")


def test_importing_contacts_loads_neither_library():
    script = (
        "import sys, ikd.core.resident.contact\n"
        "print({'phonenumbers', 'email_validator'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True
    )
    assert done.stdout.strip() == "set()"
