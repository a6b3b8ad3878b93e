"""The captcha of the journey: a real picture, and an answer for a program without eyes."""

from __future__ import annotations

from ikd.adapters.captcha.picture import PictureCaptcha


class DemoCaptcha(PictureCaptcha):
    """Makes real pictures and remembers what the last one shows.

    **Only for the demo**: whoever knows the answer beforehand proves nothing by it. It is
    checked like any other.
    """

    answer = ""

    def _answer(self, entropy: bytes) -> str:
        self.answer = super()._answer(entropy)
        return self.answer
