"""Columns of a table that is filled, kept as NumPy keeps them and written a slice at a time."""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Words:
    """A column whose values are words, kept as numbers: position in ``words``, from the end where negative."""

    code: np.ndarray
    words: tuple[Any, ...]

    def __getitem__(self, part: slice) -> list[Any]:
        return [self.words[n] for n in self.code[part].astype(int).tolist()]


@dataclass(frozen=True)
class Times:
    """A column of times, written as Django writes them."""

    at: np.ndarray

    def __getitem__(self, part: slice) -> list[Any]:
        return [text.replace("T", " ") for text in self.at[part].astype(str).tolist()]
