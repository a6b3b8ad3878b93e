"""Text that only ``reveal`` shows: no repr, format, copy or pickle gives it away."""

from __future__ import annotations

from typing import ClassVar, NoReturn, SupportsIndex

from ikd.core.errors import forgetting


class Uncopied:
    """Refuses ``pickle``, ``copy`` and ``__getstate__``, which would write a secret out."""

    __slots__ = ()

    def __reduce_ex__(self, _protocol: SupportsIndex) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is never copied or pickled")

    def __getstate__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is never copied or pickled")


class Opaque(Uncopied):
    """A secret text, checked at construction.

    It is no attrs class on purpose: ``attrs.asdict`` of a command that holds one would
    spell the secret out. Two of them are never equal, whatever they hold: comparing
    secrets is the work of ``matches``, in constant time.
    """

    __slots__ = ("_text",)
    _text: str
    _mask: ClassVar[str] = "(******)"

    @forgetting
    def __init__(self, text: object) -> None:
        object.__setattr__(self, "_text", self._accept(text))

    @classmethod
    def _accept(cls, text: object) -> str:
        """Return *text* as it is kept, or raise ``SecretError``."""
        raise NotImplementedError

    def reveal(self) -> str:
        """Return the secret itself: for the message that carries it and for the KDF."""
        return self._text

    def __repr__(self) -> str:
        return type(self).__name__ + self._mask

    def __format__(self, _spec: str) -> str:
        return repr(self)

    def __setattr__(self, name: str, _value: object) -> NoReturn:
        raise AttributeError(f"{name} can't be set: a secret doesn't change")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{name} can't be deleted: a secret doesn't change")
