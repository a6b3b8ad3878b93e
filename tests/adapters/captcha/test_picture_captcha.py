"""A puzzle in a picture: solved once, by its own resident, in time; nothing is kept."""

import io
import subprocess
import sys
import wave
from datetime import UTC, datetime, timedelta

import pytest
from captcha.audio import AudioCaptcha
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ikd.adapters.captcha import picture_captcha as pictures
from ikd.adapters.captcha.picture_captcha import LETTERS, LIFE, PictureCaptcha
from ikd.core.errors import InputError, PortError
from ikd.core.ids import RecordId
from ikd.core.ports import CaptchaSource
from ikd.core.secrets.sealing import SecretKey
from ikd.testing.entropy import seeded_entropy

NOW = datetime(2026, 11, 22, 8, 0, 0, 700_000, tzinfo=UTC)
OLD = SecretKey(kid=b"captcha1", key=bytes(range(32)))
NEW = SecretKey(kid=b"captcha2", key=bytes(range(1, 33)))
ME, OTHER = RecordId("a" * 32), RecordId("b" * 32)
ENTROPY = bytes(range(64))
SECOND = timedelta(seconds=1)


@pytest.fixture
def captcha() -> CaptchaSource:
    return PictureCaptcha([OLD])


@pytest.fixture
def answers(monkeypatch):
    """What the pictures show, which are not drawn here."""
    seen = []

    def draw(answer):
        seen.append(answer)
        return b"picture"

    monkeypatch.setattr(pictures, "_picture", draw)
    return seen


def test_the_picture_is_a_png_that_differs_each_time(captcha):
    one, two = (captcha.puzzle(ME, now=NOW, entropy=ENTROPY) for _ in range(2))
    shown = Image.open(io.BytesIO(one.picture))
    assert (shown.format, shown.size) == ("PNG", (240, 80))
    assert one.picture != two.picture
    assert one.token == two.token


def test_the_same_letters_can_be_heard(captcha, answers):
    """A spoken puzzle is solved by what its picture shows, and its sound is a whole WAV file."""
    puzzle = captcha.spoken(ME, now=NOW, entropy=ENTROPY)
    assert captcha.check(ME, puzzle.token, answers[0], now=NOW).ok
    with wave.open(io.BytesIO(puzzle.sound)) as heard:
        assert heard.getnframes() / heard.getframerate() > len(answers[0]) / 2  # seconds


@pytest.mark.parametrize("letter", LETTERS)
def test_each_letter_has_a_voice(letter):
    """None of the letters that are drawn is silent."""
    assert letter in AudioCaptcha().choices


def test_the_right_letters_solve_it_however_they_are_typed(captcha, answers):
    puzzle = captcha.puzzle(ME, now=NOW, entropy=ENTROPY)
    [answer] = answers
    for typed in (answer, answer.lower(), f" {answer[:3]} {answer[3:]}\n", answer.title()):
        assert captcha.check(ME, puzzle.token, typed, now=NOW).ok


@pytest.mark.parametrize(
    "typed", ["", "AAAAAA", "AAAAA", "AAAAAAA", None, 123456, b"AAAAAA", "A" * 10**6]
)
@pytest.mark.parametrize("answer", ["wrong"])
def test_anything_else_does_not(captcha, answers, typed, answer):
    puzzle = captcha.puzzle(ME, now=NOW, entropy=ENTROPY)
    assert answers != ["AAAAAA"]
    assert not captcha.check(ME, puzzle.token, typed, now=NOW).ok


def test_a_letter_outside_the_set_is_no_letter(captcha, answers):
    puzzle = captcha.puzzle(ME, now=NOW, entropy=ENTROPY)
    for extra in ("\u200b", "\ud800", "0", "-"):
        assert not captcha.check(ME, puzzle.token, answers[0] + extra, now=NOW).ok
        assert not captcha.check(ME, puzzle.token, answers[0][:5] + extra, now=NOW).ok


def test_another_resident_cant_use_it(captcha, answers):
    puzzle = captcha.puzzle(ME, now=NOW, entropy=ENTROPY)
    assert not captcha.check(OTHER, puzzle.token, answers[0], now=NOW).ok


def test_it_lives_five_minutes(captcha, answers):
    puzzle = captcha.puzzle(ME, now=NOW, entropy=ENTROPY)
    assert (
        puzzle.expires_at
        == NOW.replace(microsecond=0) + LIFE
        == NOW.replace(minute=5, microsecond=0)
    )
    for at, ok in [
        (puzzle.expires_at - SECOND, True),
        (puzzle.expires_at - SECOND / 1000, True),
        (puzzle.expires_at, False),
        (puzzle.expires_at + timedelta(days=9), False),
    ]:
        solved = captcha.check(ME, puzzle.token, answers[0], now=at)
        assert solved.ok is ok
        assert solved.expires_at >= min(puzzle.expires_at, at)


def test_its_id_is_remembered_for_as_long_as_it_could_be_solved(captcha, answers):
    puzzle = captcha.puzzle(ME, now=NOW, entropy=ENTROPY)
    solved = captcha.check(ME, puzzle.token, answers[0], now=NOW)
    assert solved.expires_at >= puzzle.expires_at


def test_right_or_wrong_the_id_is_the_same_and_each_puzzle_has_its_own(captcha, answers):
    one = captcha.puzzle(ME, now=NOW, entropy=ENTROPY)
    two = captcha.puzzle(ME, now=NOW, entropy=ENTROPY + b"!")
    right = captcha.check(ME, one.token, answers[0], now=NOW)
    wrong = captcha.check(ME, one.token, "", now=NOW + LIFE)
    assert right.puzzle_id == wrong.puzzle_id
    assert len(right.puzzle_id) == 16
    assert captcha.check(ME, two.token, "", now=NOW).puzzle_id != right.puzzle_id


def test_no_altered_token_is_solved_by_the_right_letters(captcha, answers):
    token = captcha.puzzle(ME, now=NOW, entropy=ENTROPY).token
    for place in range(len(token) * 8):
        altered = bytearray(token)
        altered[place // 8] ^= 1 << place % 8
        assert not captcha.check(ME, bytes(altered), answers[0], now=NOW).ok
    for cut in (token[:-1], token + b"x", b""):
        assert not captcha.check(ME, cut, answers[0], now=NOW).ok


def test_a_token_that_lives_too_long_is_none_of_ours(captcha, answers, monkeypatch):
    monkeypatch.setattr(pictures, "LIFE", timedelta(days=1))
    token = captcha.puzzle(ME, now=NOW, entropy=ENTROPY).token
    monkeypatch.undo()
    assert not captcha.check(ME, token, answers[0], now=NOW).ok


@given(
    st.one_of(st.binary(max_size=80), st.none(), st.text(), st.just(b"\xff" * 56)),
    st.one_of(st.text(), st.none(), st.binary(), st.integers()),
)
def test_rubbish_raises_nothing_and_keeps_its_id(token, text):
    captcha = PictureCaptcha([NEW, OLD])
    one, two = (captcha.check(ME, token, text, now=NOW) for _ in range(2))
    assert one == two
    assert not one.ok
    assert NOW < one.expires_at <= NOW + LIFE


def test_an_older_key_still_checks_while_it_is_kept(answers):
    token = PictureCaptcha([OLD]).puzzle(ME, now=NOW, entropy=ENTROPY).token
    assert PictureCaptcha([NEW, OLD]).check(ME, token, answers[0], now=NOW).ok
    assert not PictureCaptcha([NEW]).check(ME, token, answers[0], now=NOW).ok


def test_the_letters_are_drawn_evenly(captcha):
    entropy = seeded_entropy("captcha")
    drawn = "".join(captcha._answer(entropy(16)) for _ in range(3_500))
    counts = [drawn.count(letter) for letter in LETTERS]
    assert sum(counts) == len(drawn) == 21_000
    assert 880 < min(counts) <= max(counts) < 1_120  # 1,000 each, four sigma: 123


def test_no_two_letters_of_the_set_look_alike():
    assert len(set(LETTERS)) == len(LETTERS) == 21
    for group in ("0OQ", "1IL", "2Z", "5S", "8B", "UV", "6G"):
        assert sum(letter in LETTERS for letter in group) <= 1


def test_an_office_may_choose_its_letters(monkeypatch, answers):
    captcha = PictureCaptcha([OLD], "0123456789")
    token = captcha.puzzle(ME, now=NOW, entropy=ENTROPY).token
    assert set(answers[0]) <= set("0123456789")
    assert captcha.check(ME, token, answers[0], now=NOW).ok


@pytest.mark.parametrize(
    "letters", ["", "012345678", "abcdefghijk", "AABCDEFGHIJ", "ABCDEFGHI-", "ABCDEFGHIÉ"]
)
def test_letters_that_wont_do_are_refused(letters):
    with pytest.raises(InputError, match=r"captcha\.setup"):
        PictureCaptcha([OLD], letters)


def test_no_key_no_captcha():
    with pytest.raises(InputError, match=r"captcha\.setup"):
        PictureCaptcha([])


def test_too_little_entropy_is_refused(captcha):
    with pytest.raises(InputError, match=r"entropy\.short"):
        captcha.puzzle(ME, now=NOW, entropy=bytes(15))


def test_nothing_shows_the_answer(captcha, answers):
    puzzle = captcha.puzzle(ME, now=NOW, entropy=ENTROPY)
    assert answers[0].encode() not in puzzle.token
    assert answers[0] not in repr(puzzle) + repr(captcha)


def test_without_the_library_the_error_says_how_to_get_it(captcha, monkeypatch):
    monkeypatch.setitem(sys.modules, "captcha.image", None)
    with pytest.raises(PortError, match=r"pip install 'ikd\[captcha\]'") as caught:
        captcha.puzzle(ME, now=NOW, entropy=ENTROPY)
    assert (caught.value.code, caught.value.port) == ("captcha.missing", "captcha")


def test_a_failing_library_ends_in_our_error_without_the_answer(captcha, monkeypatch):
    def broken(answer):
        raise OSError(f"no font for {answer}")

    monkeypatch.setattr(pictures, "_picture", broken)
    with pytest.raises(PortError, match=r"captcha\.failed") as caught:
        captcha.puzzle(ME, now=NOW, entropy=ENTROPY)
    assert caught.value.__context__ is None


def test_loading_the_module_does_not_load_the_library():
    code = (
        "import sys, ikd.adapters.captcha.picture_captcha; sys.exit('captcha.image' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
