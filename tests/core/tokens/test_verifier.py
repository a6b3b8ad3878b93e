"""The verifier: one text in, one verdict out, never an exception."""

import contextlib
from datetime import UTC, datetime, timedelta

import attrs
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from ikd.core import cbor
from ikd.core.errors import InputError, TokenError
from ikd.core.tokens import cose, credential, pairing, presentation
from ikd.core.tokens.policy import Policy
from ikd.core.tokens.verdict import TEXTS, Reason, Verdict
from ikd.core.tokens.verifier import Verifier

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TOKEN_ID = b"present-id-16-by"
OPEN = Policy(static="accept", replay_unchecked="accept")


class Memory:
    """A replay memory of one place."""

    def __init__(self):
        self.seen = {}

    def first_use(self, token_id, expires_at, *, now):
        return self.seen.setdefault(token_id, expires_at) is expires_at


def verifier(house, policy=OPEN, standings=None, **options):
    keyring = options.pop("keyring", house.keyring())
    lists = options.pop("lists", house.status_list(standings))
    return Verifier(keyring, lists, policy, **options)


def text_of(house, **changes):
    return credential.write(house.claims(**changes), house.issuer)


def shown(house, signed=None, **changes):
    values = {"token_id": TOKEN_ID, "now": house.now, "device": house.device, "by": "value"}
    signed = signed or credential.to_cose(text_of(house))
    return presentation.write(signed, **{**values, **changes})


def test_nothing_amiss_is_accepted(house):
    verdict = verifier(house).check(text_of(house), now=house.now + HOUR)
    assert (verdict.outcome, verdict.reasons, verdict.kind) == ("accept", (), "credential")
    assert verdict.claims == house.claims()
    assert verdict.keyring_age == verdict.status_list_age == HOUR


def test_a_static_code_alone_is_a_warning_by_default(house):
    verdict = Verifier(house.keyring(), house.status_list()).check(text_of(house), now=house.now)
    assert (verdict.outcome, verdict.codes) == ("warn", ("no_holder_proof",))
    assert verdict.claims is not None
    strict = verifier(house, Policy(static="refuse")).check(text_of(house), now=house.now)
    assert (strict.outcome, strict.claims) == ("refuse", None)


def test_a_presentation_by_value_is_accepted_offline(house):
    verdict = verifier(house, Policy(), replay=Memory()).check(shown(house), now=house.now)
    assert (verdict.outcome, verdict.kind) == ("accept", "presentation")
    assert verdict.claims == house.claims()
    assert [(one.code, one.weight) for one in verdict.reasons] == [("unchallenged", "accept")]


def test_a_presentation_by_hash_needs_somebody_who_knows_it(house):
    signed = credential.to_cose(text_of(house))
    known = {presentation.credential_hash(signed): signed}
    text = shown(house, signed, by="hash")
    verdict = verifier(house, resolve=known.get).check(text, now=house.now)
    assert (verdict.outcome, verdict.claims) == ("accept", house.claims())
    for resolve in (None, {}.get, lambda _hash: b"another", lambda _hash: "text", dict.fromkeys):
        verdict = verifier(house, resolve=resolve).check(text, now=house.now)
        assert verdict.codes == ("not_found",)

    def fails(_hash):
        raise TimeoutError

    assert verifier(house, resolve=fails).check(text, now=house.now).codes == ("not_found",)


def test_a_presentation_counts_once_in_one_memory(house):
    memory = Memory()
    checks = verifier(house, replay=memory)
    assert checks.check(shown(house), now=house.now).outcome == "accept"
    again = checks.check(shown(house), now=house.now + SECOND)
    assert (again.outcome, again.codes) == ("refuse", ("replayed", "unchallenged"))
    other = shown(house, token_id=b"another-16-bytes")
    assert checks.check(other, now=house.now).outcome == "accept"
    assert memory.seen[TOKEN_ID] == house.now + 90 * SECOND


def test_without_a_memory_a_challenge_guards_against_replay(house):
    checks = verifier(house, Policy())
    assert checks.check(shown(house), now=house.now).codes == ("replay_unchecked", "unchallenged")
    text = shown(house, challenge=b"c" * 16)
    assert checks.check(text, now=house.now, challenge=b"c" * 16).outcome == "accept"
    assert checks.check(text, now=house.now, challenge=b"d" * 16).codes == ("challenge",)
    assert checks.check(text, now=house.now).codes == ("challenge",)
    assert checks.check(shown(house), now=house.now, challenge=b"c").codes == ("challenge",)


@pytest.mark.parametrize("answer", [None, 1, "yes", object()])
def test_only_true_is_a_yes_from_the_memory(house, answer):
    class Odd:
        def first_use(self, *_arguments, now):
            return answer

    verdict = verifier(house, replay=Odd()).check(shown(house), now=house.now)
    assert (verdict.outcome, verdict.codes[0]) == ("refuse", "replayed")


def test_a_memory_that_fails_has_not_said_yes(house):
    class Broken:
        def first_use(self, *_arguments, now):
            raise OSError

    verdict = verifier(house, replay=Broken()).check(shown(house), now=house.now)
    assert (verdict.outcome, verdict.codes[0]) == ("refuse", "replay_unchecked")


def test_only_the_credentials_own_phone_presents_it(house):
    memory = Memory()
    checks = verifier(house, replay=memory)
    verdict = checks.check(shown(house, device=house.stranger), now=house.now)
    assert (verdict.codes, verdict.claims) == (("holder",), None)
    assert memory.seen == {}


def off_the_curve(point: bytes) -> bytes:
    """The next x that no point of P-256 has."""
    x = int.from_bytes(point[1:], "big")
    while True:
        x += 1
        compressed = point[:1] + x.to_bytes(32, "big")
        with contextlib.suppress(ValueError):
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), compressed)
            continue
        return compressed


@pytest.mark.parametrize("by", ["value", "hash"])
def test_no_presentation_of_a_credential_whose_key_is_off_the_curve_is_accepted(house, by):
    """Not by the most lenient policy, and not by a phone whose key is nearly that one."""
    point = off_the_curve(house.claims()._point)
    signed = credential.to_cose(text_of(house, device_key=point))
    known = {presentation.credential_hash(signed): signed}
    memory = Memory()
    lenient = Policy(static="accept", replay_unchecked="accept", foreign="warn")
    checks = verifier(house, lenient, replay=memory, resolve=known.get)
    for device in (house.device, house.stranger):
        verdict = checks.check(shown(house, signed, by=by, device=device), now=house.now)
        assert (verdict.outcome, verdict.codes, verdict.claims) == ("refuse", ("holder",), None)
    assert memory.seen == {}


@pytest.mark.parametrize(("after", "code"), [(90, "expired"), (-31, "early")])
def test_a_presentation_holds_for_ninety_seconds(house, after, code):
    checks = verifier(house, keyring=house.keyring(issued_at=house.now - DAY))
    lists = house.status_list(issued_at=house.now - HOUR)
    checks = attrs.evolve(checks, status_lists=[lists])
    text = credential.write(house.claims(issued_at=house.now - DAY, not_before=house.now - DAY,
                            expires_at=house.now + DAY), house.issuer)  # fmt: skip
    verdict = checks.check(shown(house, credential.to_cose(text)), now=house.now + after * SECOND)
    assert verdict.codes == (code,)


@pytest.mark.parametrize("standing", ["invalid", "suspended", "superseded"])
def test_what_the_status_list_says_is_refused(house, standing):
    for text in (text_of(house), shown(house)):
        verdict = verifier(house, standings={7: standing}).check(text, now=house.now)
        assert (verdict.outcome, verdict.codes[0], verdict.claims) == ("refuse", standing, None)


def test_a_place_beyond_the_list_is_refused(house):
    verdict = verifier(house).check(text_of(house, status_index=1000), now=house.now)
    assert (verdict.outcome, verdict.codes) == ("refuse", ("status_unknown",))


def test_an_old_list_is_never_plainly_accepted(house):
    later = house.now + 13 * HOUR
    verdict = verifier(house).check(text_of(house), now=later)
    assert (verdict.outcome, verdict.codes) == ("warn", ("status_stale",))
    assert verdict.status_list_age == 13 * HOUR
    strict = attrs.evolve(OPEN, status_stale="refuse")
    assert verifier(house, strict).check(text_of(house), now=later).outcome == "refuse"


def test_a_missing_list_is_never_plainly_accepted(house):
    other = house.status_list(uri="https://status.example.id/2")
    for lists in (None, [], [other]):
        verdict = verifier(house, lists=lists).check(text_of(house), now=house.now)
        assert (verdict.outcome, verdict.codes) == ("warn", ("status_missing",))
        assert verdict.status_list_age is None
    strict = attrs.evolve(OPEN, status_missing="refuse")
    verdict = verifier(house, strict, lists=None).check(text_of(house), now=house.now)
    assert verdict.outcome == "refuse"


def test_each_credential_is_looked_up_in_its_own_list(house):
    other = house.status_list({7: "invalid"}, uri="https://status.example.id/2")
    checks = verifier(house, lists=[other, house.status_list()])
    assert checks.check(text_of(house), now=house.now).outcome == "accept"
    moved = text_of(house, status_list="https://status.example.id/2")
    assert checks.check(moved, now=house.now).codes == ("invalid",)


def test_the_newest_of_two_lists_of_one_address_counts(house):
    newer = house.status_list({7: "invalid"}, issued_at=house.now + SECOND)
    for lists in ([newer, house.status_list()], [house.status_list(), newer]):
        verdict = verifier(house, lists=lists).check(text_of(house), now=house.now + SECOND)
        assert verdict.codes == ("invalid",)


@pytest.mark.parametrize(
    ("after", "codes"),
    [
        (7 * DAY - SECOND, ()),
        (7 * DAY, ("keyring_stale",)),
        (14 * DAY - SECOND, ("keyring_stale",)),
        (14 * DAY, ("keyring_expired",)),
    ],
)
def test_an_old_keyring_warns_then_refuses(house, after, codes):
    lists = house.status_list(issued_at=house.now, expires_at=house.now + 99 * DAY, ttl=99 * DAY)
    verdict = verifier(house, lists=lists).check(text_of(house), now=house.now + after)
    assert verdict.codes == codes
    assert verdict.outcome == {(): "accept", ("keyring_stale",): "warn"}.get(codes, "refuse")
    assert verdict.keyring_age == after


def test_a_clock_before_its_own_lists_is_refused(house):
    text = text_of(house, issued_at=house.now - 9 * DAY, not_before=house.now - 9 * DAY,
                   expires_at=house.now + DAY)  # fmt: skip
    record = house.record(house.issuer, "credential", not_before=house.now - 30 * DAY)
    past = house.now - DAY
    checks = verifier(house, keyring=house.keyring([record], issued_at=past))
    verdict = checks.check(text, now=past)
    assert verdict.outcome == "refuse"
    assert "clock" in verdict.codes
    checks = verifier(house, keyring=house.keyring([record]), lists=None)
    assert "clock" in checks.check(text, now=past).codes
    assert "clock" not in checks.check(text, now=house.now - 30 * SECOND).codes
    assert checks.check(text, now=house.now - 31 * SECOND).codes[0] == "clock"


def test_every_reason_is_told_the_gravest_first(house):
    verdict = verifier(house, Policy(), standings={7: "suspended"}).check(
        shown(house, device=house.stranger), now=house.now + 200 * DAY
    )
    assert set(verdict.codes) == {"keyring_expired", "expired", "suspended", "holder"}
    verdict = verifier(house, Policy(), {7: "invalid"}).check(
        text_of(house), now=house.now + 8 * DAY
    )
    assert verdict.codes == ("invalid", "keyring_stale", "no_holder_proof")


def test_signatures_and_keys_are_named(house):
    signed = bytearray(credential.to_cose(text_of(house)))
    signed[-1] ^= 1
    checks = verifier(house)
    assert checks.check(credential.to_text(bytes(signed)), now=house.now).codes == ("signature",)
    foreign = credential.write(house.claims(), house.stranger)
    assert checks.check(foreign, now=house.now).codes == ("key",)
    record = house.record(house.issuer, "credential", state="revoked")
    checks = verifier(house, keyring=house.keyring([record]))
    assert checks.check(text_of(house), now=house.now).codes == ("revoked_key",)
    assert checks.check(shown(house), now=house.now).codes == ("revoked_key",)


def test_pairing_codes_are_for_the_counter_not_for_verifiers(house):
    values = {"token_id": TOKEN_ID, "now": house.now}
    for text in [
        pairing.write_resident(application_id=b"a" * 16, device=house.device, **values),
        pairing.write_office(office="wakatobi", station="loket-1", key=house.station, **values),
    ]:
        verdict = verifier(house).check(text, now=house.now)
        assert (verdict.kind, verdict.codes) == ("unknown", ("other_kind",))


@given(st.text() | st.text().map(lambda text: "IKDP:" + text))
def test_no_text_makes_it_raise(house, text):
    verdict = verifier(house).check(text, now=house.now)
    assert (verdict.outcome, verdict.claims) == ("refuse", None)


@given(st.data())
def test_no_damaged_token_makes_it_raise_or_passes(house, data):
    whole = data.draw(st.sampled_from([text_of(house), shown(house)]))
    place = data.draw(st.integers(0, len(whole) - 1))
    sign = data.draw(st.sampled_from("0A $:Zz\n\ud800"))
    damaged = whole[:place] + sign + whole[place + 1 :]
    verdict = verifier(house).check(damaged, now=house.now)
    assert damaged == whole or verdict.outcome == "refuse" or verdict.claims == house.claims()


@pytest.mark.parametrize("thing", [None, 5, b"IKDP:", ["x"]])
def test_other_things_are_malformed(house, thing):
    assert verifier(house).check(thing, now=house.now).codes == ("malformed",)


def test_a_check_needs_an_aware_time(house):
    with pytest.raises(InputError):
        verifier(house).check("", now=house.now.replace(tzinfo=None))


def test_reasons_speak_indonesian_and_english():
    for code in TEXTS:
        reason = Reason(code=code, weight="warn")
        assert reason.text_id
        assert reason.text_en
        assert reason.text_id != reason.text_en
    with pytest.raises(ValueError, match="code"):
        Reason(code="unheard_of", weight="warn")


def test_a_refused_verdict_names_nobody(house):
    reason = Reason(code="expired", weight="refuse")
    verdict = Verdict(kind="credential", reasons=(reason,), claims=house.claims(),
                      keyring_age=HOUR)  # fmt: skip
    assert verdict.claims is None


@pytest.mark.parametrize(
    "fields",
    [
        {"status_stale": "accept"},
        {"status_missing": "accept"},
        {"keyring_stale": "accept"},
        {"foreign": "accept"},
        {"static": "maybe"},
        {"keyring_grace": -DAY},
        {"keyring_grace": 7},
        {"no_expiry": "accept"},
        {"unchallenged": "note"},
        {"audience": 5},
    ],
)
def test_no_policy_accepts_what_can_not_be_known(fields):
    with pytest.raises(ValueError):
        Policy(**fields)


def test_whoever_asks_for_a_challenge_refuses_a_static_code(house):
    """A screenshot is no lesser answer than a wrong one, however mild the policy."""
    for policy in (Policy(), OPEN):
        verdict = verifier(house, policy).check(text_of(house), now=house.now, challenge=b"c" * 16)
        assert (verdict.outcome, verdict.codes) == ("refuse", ("no_holder_proof",))
        assert verdict.claims is None


@pytest.mark.parametrize("weight", ["warn", "refuse"])
def test_a_policy_may_ask_for_a_challenge(house, weight):
    checks = verifier(house, Policy(unchallenged=weight), replay=Memory())
    verdict = checks.check(shown(house), now=house.now)
    assert (verdict.outcome, verdict.codes) == (weight, ("unchallenged",))
    answered = shown(house, token_id=b"another-16-bytes", challenge=b"c" * 16)
    assert checks.check(answered, now=house.now, challenge=b"c" * 16).outcome == "accept"


def test_a_verdict_is_neither_true_nor_false(house):
    verdict = verifier(house).check("", now=house.now)
    with pytest.raises(TypeError, match="outcome"):
        bool(verdict)


def test_the_memory_is_told_the_present_of_the_check(house):
    told = []

    class Clocked:
        def first_use(self, _token_id, _expires_at, *, now):
            told.append(now)
            return True

    verifier(house, replay=Clocked()).check(shown(house), now=house.now + SECOND)
    assert told == [house.now + SECOND]


def test_a_credential_that_lives_too_long_is_told_as_that(house):
    claims = cbor.decode(house.claims().to_payload(), booleans=True, max_depth=6)
    long = cbor.encode({**claims, 4: claims[6] + 181 * 86400}, booleans=True)
    text = credential.to_text(cose.write(long, house.issuer))
    assert verifier(house).check(text, now=house.now).codes == ("life",)


def test_no_date_is_too_late_to_be_compared(house):
    """The years end with 9999, and so do sums of times; nothing here is one."""
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    first = datetime(1, 1, 1, tzinfo=UTC)
    ring = house.keyring(issued_at=last - SECOND, expires_at=last)
    lists = house.status_list(issued_at=last - SECOND, expires_at=last, ttl=365 * DAY)
    checks = verifier(house, Policy(keyring_grace=999_999 * DAY), keyring=ring, lists=lists)
    ends = text_of(house, issued_at=last - SECOND, not_before=last - SECOND, expires_at=last)
    for text in (text_of(house), shown(house), ends):
        for now in (first, house.now, last):
            assert checks.check(text, now=now).outcome == "refuse"
    assert checks.check(ends, now=last).codes == ("key", "keyring_stale")
    with pytest.raises(TokenError):
        shown(house, now=last)


@pytest.mark.parametrize(
    ("person", "tail"),
    [
        ({}, "9901"),
        ({"nik_tail": None, "birth_year": None, "nik": "1376015708909902",
          "birth_date": "19900817", "nationality": "IDN"}, "9902"),
    ],
)  # fmt: skip
def test_who_it_is_about_is_told_of_a_verdict_that_is_not_refused(house, person, tail):
    text = text_of(house, person=house.person(**person))
    verdict = verifier(house).check(text, now=house.now)
    assert (verdict.name, verdict.nik_tail) == ("SITI CONTOH", tail)
    assert verdict.issuer == "https://ikd.example.id"
    refused = verifier(house, standings={7: "invalid"}).check(text, now=house.now)
    assert (refused.name, refused.nik_tail, refused.issuer) == (None, None, None)
