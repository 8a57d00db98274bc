"""Japanese letters from Latin keys: romaji to kana, and kana to its other forms.

Romaji as Japanese keyboards take it, Hepburn and Kunrei mixed: ``si`` and ``shi`` are both し.
"""

from __future__ import annotations

import unicodedata

_VOWELS = "aiueo"
_ROWS = {
    "": "あいうえお",
    "k": "かきくけこ",
    "s": "さしすせそ",
    "t": "たちつてと",
    "n": "なにぬねの",
    "h": "はひふへほ",
    "m": "まみむめも",
    "r": "らりるれろ",
    "g": "がぎぐげご",
    "z": "ざじずぜぞ",
    "d": "だぢづでど",
    "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ",
    "c": "かしくせこ",
    "x": "ぁぃぅぇぉ",
    "l": "ぁぃぅぇぉ",
}
_WITH_SMALL = {
    # consonants: (first letter, small letters for a i u e o; a dot is no small letter)
    **{f"{row}y": (_ROWS[row][1], "ゃぃゅぇょ") for row in "kstnhmrgzdbpc"},
    "sh": ("し", "ゃ.ゅぇょ"),
    "ch": ("ち", "ゃ.ゅぇょ"),
    "j": ("じ", "ゃ.ゅぇょ"),
    "jy": ("じ", "ゃぃゅぇょ"),
    "f": ("ふ", "ぁぃ.ぇぉ"),
    "v": ("ゔ", "ぁぃ.ぇぉ"),
    "ts": ("つ", "ぁぃ.ぇぉ"),
    "q": ("く", "ぁぃ.ぇぉ"),
    "kw": ("く", "ぁぃぅぇぉ"),
    "gw": ("ぐ", "ぁぃぅぇぉ"),
    "w": ("う", ".ぃ.ぇ."),
    "th": ("て", "ゃぃゅぇょ"),
    "dh": ("で", "ゃぃゅぇょ"),
    "tw": ("と", "ぁぃぅぇぉ"),
    "dw": ("ど", "ぁぃぅぇぉ"),
}
_SINGLE = {
    "ya": "や",
    "yu": "ゆ",
    "ye": "いぇ",
    "yo": "よ",
    "wa": "わ",
    "wo": "を",
    "nn": "ん",
    "n'": "ん",
    "xn": "ん",
    "-": "ー",
    ",": "、",
    ".": "。",
    "/": "・",
    "~": "〜",
    "[": "「",
    "]": "」",
    **{
        f"{x}{key}": kana
        for x in "xl"
        for key, kana in zip(("ya", "yu", "yo"), "ゃゅょ", strict=True)
    },
    **{f"{x}{key}": "っ" for x in "xl" for key in ("tu", "tsu")},
    **{f"{x}wa": "ゎ" for x in "xl"},
}
TABLE: dict[str, str] = {
    **{
        row + v: kana
        for row, letters in _ROWS.items()
        for v, kana in zip(_VOWELS, letters, strict=True)
    },
    **{
        keys + v: first + small.replace(".", "")
        for keys, (first, smalls) in _WITH_SMALL.items()
        for v, small in zip(_VOWELS, smalls, strict=True)
    },
    **_SINGLE,
}
"""Latin keys -> hiragana and Japanese signs."""

_BEGINNINGS = {keys[:end] for keys in TABLE for end in range(1, len(keys))}


def to_kana(letters: str) -> tuple[str, str]:
    """The kana that these lower-case letters stand for, and the letters that wait for more.

    A doubled consonant is っ, an n before one is ん. What stands for nothing stays as it is.
    """
    kana = ""
    while letters:
        size = next((n for n in (4, 3, 2, 1) if letters[:n] in TABLE), 0)
        if letters in _BEGINNINGS:
            break
        if size:
            kana, letters = kana + TABLE[letters[:size]], letters[size:]
        elif letters[:2] == "tc" or (letters[0] == letters[1:2] and letters[0].isalpha()):
            kana, letters = kana + "っ", letters[1:]
        elif letters[0] == "n":
            kana, letters = kana + "ん", letters[1:]
        else:
            kana, letters = kana + letters[0], letters[1:]
    return kana, letters


def finished(pending: str) -> str:
    """What letters that waited for more become when nothing more comes."""
    return "ん" if pending == "n" else pending


def katakana(text: str) -> str:
    """Hiragana as katakana; other letters stay."""
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in text)


def half_width(text: str) -> str:
    """Katakana, and letters of full width, as narrow ones."""
    return "".join(_NARROW.get(c, c) for c in katakana(text))


def full_width(text: str) -> str:
    """Latin letters, digits and signs as wide as kanji."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text).replace(
        " ", "\u3000"
    )


def _narrow() -> dict[str, str]:
    letters = [chr(code) for code in range(0xFF61, 0xFFA0)]
    forms = letters + [letter + mark for letter in letters for mark in "ﾞﾟ"]
    wide = {unicodedata.normalize("NFKC", form): form for form in reversed(forms)}
    signs = {chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)}
    return signs | {key: form for key, form in wide.items() if len(key) == 1}


_NARROW = _narrow()
