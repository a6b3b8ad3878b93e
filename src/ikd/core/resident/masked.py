"""Texts of a person that show only where they are asked for: the NIK and the contacts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NoReturn, Self


class Masked(ABC):
    """A text whose formats are masked and that is never pickled, so that no log or cache holds it.

    Two are equal when they are of one class and their texts are equal.
    """

    __slots__ = ("_text",)
    _text: str

    def __init__(self, text: str) -> None:
        object.__setattr__(self, "_text", text)

    @property
    @abstractmethod
    def masked(self) -> str:
        """Enough for its owner to know it again, too little for anybody else."""

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self) or not isinstance(other, Masked):
            return NotImplemented
        return self._text == other._text

    def __hash__(self) -> int:
        return hash((type(self), self._text))

    def __repr__(self) -> str:
        masked = f" {self.masked}" if hasattr(self, "_text") else ""  # half made, in a traceback
        return f"<{type(self).__name__}{masked}>"

    def __str__(self) -> str:
        return self.masked

    def __format__(self, spec: str) -> str:
        return format(self.masked, spec)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} doesn't change")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} doesn't change")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        return self

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} isn't pickled: it would stand there in the clear")
