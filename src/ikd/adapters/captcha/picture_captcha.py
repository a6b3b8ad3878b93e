"""Puzzles in a picture (``pip install 'ikd[captcha]'``); nothing is kept between the two calls.

A captcha slows machines down. What stops guessing is the budget of tries.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from datetime import datetime

from ikd.core.errors import InputError, PortError
from ikd.core.ids import RecordId, draw
from ikd.core.ports import Puzzle, Solved
from ikd.core.secrets.framing import framed
from ikd.core.secrets.sealing import SecretKey
from ikd.core.standard.own_limits import OWN_LIMITS
from ikd.core.timing import from_seconds, to_seconds

LETTERS = "34679ACDEFHJKMNPRTWXY"
"""Without those that a bent picture confuses: 0 O Q, 1 I L, 2 Z, 5 S, 8 B, U V, G."""

LIFE = OWN_LIMITS.captcha.value
_LENGTH = 6
_TIME, _NONCE, _MAC = 8, 16, 32  # bytes of a token: until when, which one, the answer's HMAC


class PictureCaptcha:
    """Makes pictures of six letters, whatever case they are typed in."""

    def __init__(self, keys: Sequence[SecretKey], letters: str = LETTERS) -> None:
        """Make puzzles under the first of *keys* and check them under all.

        Args:
            keys: Keys of the purpose ``captcha``, newest first.
            letters: Upper-case letters and digits to draw from, at least ten.

        Raises:
            InputError: No key, or letters that can't be told apart (``captcha.setup``).
        """
        plain = letters.isascii() and letters.isalnum() and letters == letters.upper()
        if not keys or not plain or len(set(letters)) != len(letters) or len(letters) < 10:
            raise InputError("captcha.setup", "a key and ten different letters are needed")
        self._keys = tuple(keys)
        self._letters = letters

    def puzzle(self, subject: RecordId, *, now: datetime, entropy: bytes) -> Puzzle:
        """Return a new puzzle for the application *subject*, good for five minutes.

        The letters come from *entropy*; how they are bent is the picture library's own
        chance and differs each time.

        Raises:
            PortError: The library isn't installed (``captcha.missing``) or failed.
        """
        answer = self._answer(entropy)
        token, expires_at = self._token(subject, answer, now, entropy)
        return Puzzle(token=token, picture=_made(_picture, answer), expires_at=expires_at)

    def spoken(self, subject: RecordId, *, now: datetime, entropy: bytes) -> Puzzle:
        """Return a puzzle whose letters are also spoken, in English, amid noise.

        Making the sound takes about a second, so it is made where somebody asks for it.

        Raises:
            PortError: As ``puzzle``, or the library has no voice for a letter.
        """
        answer = self._answer(entropy)
        token, expires_at = self._token(subject, answer, now, entropy)
        picture, sound = _made(_picture, answer), _made(_sound, answer)
        return Puzzle(token=token, picture=picture, expires_at=expires_at, sound=sound)

    def check(self, subject: RecordId, token: bytes, text: str, *, now: datetime) -> Solved:
        """Return whether *text* solves the puzzle of *token*; nothing raises, whatever came."""
        raw = token if type(token) is bytes else b""
        typed = self._typed(text)
        until = to_seconds(now) + int(LIFE.total_seconds())
        claimed = int.from_bytes(raw[:_TIME], "big")
        whole = len(raw) == _TIME + _NONCE + _MAC
        right = [_same(key, subject, raw, typed) for key in self._keys]
        ok = whole and bool(typed) and to_seconds(now) < claimed <= until and any(right)
        # The id covers every byte, so an altered token is another one, and isn't ok.
        puzzle_id = hashlib.sha256(framed("ikd/puzzle/v1", raw)).digest()[:16]
        return Solved(puzzle_id=puzzle_id, expires_at=from_seconds(until), ok=ok)

    def _answer(self, entropy: bytes) -> str:
        if len(entropy) < 16:
            raise InputError("entropy.short", "a puzzle needs 16 bytes of entropy")
        # 16 bytes: the rest of the division favours no letter by more than one in 10^30.
        number = int.from_bytes(draw(entropy, "ikd/captcha/answer/v1", 16), "big")
        letters = []
        for _ in range(_LENGTH):
            number, which = divmod(number, len(self._letters))
            letters.append(self._letters[which])
        return "".join(letters)

    def _token(
        self, subject: RecordId, answer: str, now: datetime, entropy: bytes
    ) -> tuple[bytes, datetime]:
        until = to_seconds(now) + int(LIFE.total_seconds())
        nonce = draw(entropy, "ikd/captcha/nonce/v1", _NONCE)
        head = until.to_bytes(_TIME, "big") + nonce
        return head + _mac(self._keys[0], subject, head, answer), from_seconds(until)

    def _typed(self, text: object) -> str:
        if type(text) is not str or len(text) > 64:
            return ""
        typed = "".join(text.split()).upper()
        return typed if len(typed) == _LENGTH and set(typed) <= set(self._letters) else ""


def _mac(key: SecretKey, subject: RecordId, head: bytes, answer: str) -> bytes:
    parts = framed("ikd/captcha/v1", subject, head, answer)
    return hmac.digest(key.key, parts, hashlib.sha256)


def _same(key: SecretKey, subject: RecordId, raw: bytes, typed: str) -> bool:
    head, mac = raw[: _TIME + _NONCE], raw[_TIME + _NONCE :]
    return hmac.compare_digest(_mac(key, subject, head, typed), mac)


def _made(make: Callable[[str], bytes], answer: str) -> bytes:
    try:
        return make(answer)
    except ImportError:
        fault = "captcha.missing", "the picture library is missing: pip install 'ikd[captcha]'"
    except Exception:  # noqa: BLE001  whatever the library raises could name the answer
        fault = "captcha.failed", "the picture or sound couldn't be made"
    raise PortError(*fault, port="captcha")


def _picture(answer: str) -> bytes:
    from captcha.image import ImageCaptcha  # an extra, loaded when first used

    image = ImageCaptcha(width=240, height=80)
    # Milder than the library's own choice: residents of every age have to read it.
    image.character_rotate, image.word_offset_dx = (-20, 20), 0.1
    return image.generate(answer).getvalue()


def _sound(answer: str) -> bytes:
    from captcha.audio import AudioCaptcha  # the same extra

    return bytes(AudioCaptcha().generate(answer))
