"""What is signed: heads of segments, and changes of the key that signs them.

Both are records of the chain of kind ``signing``. The text that is signed stands in the record as
it was signed, so that who checks it needs no canonical JSON, with the signature (Ed25519, hex).
A line before the text says what it is, so that neither can pass for the other or for anything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal, TypeVar

import msgspec

from inspector.core.canonical import canonical_bytes, sha256_hex
from inspector.core.record import LedgerRecord, RecordKind
from inspector.ledger.clock_state import ClockState

HEAD_EVENT, KEY_EVENT = "segment head", "signing key"
_ABOUT_HEAD = b"Inspector ledger: segment head\n"
_ABOUT_KEY = b"Inspector ledger: signing key\n"
_GROUPS, _GROUP = 8, 4


class Reason(StrEnum):
    """Why a segment ended."""

    OPEN = "open"
    """The ledger was opened; the segment holds what the run before left unsigned."""
    RECORDS = "records"
    TIME = "time"
    CLOSE = "close"
    """The ledger is closed."""
    KEY = "key"
    """Another key signs from here on."""


class SegmentHead(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the chain: records ``first`` to ``last``, and the digest (hex) of ``last``.

    That digest stands for every record before it, too. ``previous`` is the SHA-256 of the text of
    the head before, None for the first; ``most`` is about how many records a segment may have.
    """

    form: Literal[1] = 1
    station: str
    number: int
    first: int
    last: int
    digest: str
    previous: str | None
    reason: Reason
    utc_us: int
    clock: ClockState
    software: str
    key: str
    most: int


class KeyStatement(msgspec.Struct, frozen=True, kw_only=True):
    """``public`` (hex) signs from here on; ``replaces`` is the id of the key that it follows.

    Signed by the key that it replaces; by itself when it is the first, or that one was ``lost``.
    """

    form: Literal[1] = 1
    station: str
    algorithm: Literal["Ed25519"] = "Ed25519"
    public: str
    replaces: str | None
    lost: bool = False
    reason: str
    by: str
    utc_us: int

    @property
    def key(self) -> str:
        """Id of the key."""
        return key_id(bytes.fromhex(self.public))


_Said = TypeVar("_Said", SegmentHead, KeyStatement)


class SignedHead(msgspec.Struct, frozen=True):
    """A head as it was signed, and the number of the record that holds it."""

    sequence: int
    head: SegmentHead
    text: str
    signature: str

    @property
    def hash(self) -> str:
        """SHA-256 of the text, hex."""
        return sha256_hex(self.text.encode())

    @property
    def fingerprint(self) -> str:
        """128 bits of ``hash`` in groups, for paper."""
        return grouped(self.hash)


def key_id(public: bytes) -> str:
    """How a key is called: SHA-256 of its 32 public bytes, hex."""
    return sha256_hex(public)


def grouped(digest: str) -> str:
    """The first 128 bits of a hex digest in groups of four, to be read aloud and compared."""
    return " ".join(digest[at : at + _GROUP] for at in range(0, _GROUPS * _GROUP, _GROUP))


def ungrouped(text: str) -> str:
    """What a person typed, as hex without gaps; ``hash.startswith`` tells whether it is that one.

    Raises ``ValueError`` for less than the 128 bits that are printed, or anything else than hex.
    """
    digits = "".join(text.lower().split()).replace("-", "")
    if len(digits) < _GROUPS * _GROUP:
        raise ValueError(f"{text}: {_GROUPS} groups of {_GROUP} digits are expected")
    int(digits, 16)
    return digits


def text_of(said: SegmentHead | KeyStatement) -> str:
    """Canonical JSON: what is signed."""
    return canonical_bytes(msgspec.to_builtins(said)).decode()


def message_of(said: SegmentHead | KeyStatement, text: str) -> bytes:
    """The bytes under the signature."""
    return (_ABOUT_HEAD if isinstance(said, SegmentHead) else _ABOUT_KEY) + text.encode()


def record_of(said: SegmentHead | KeyStatement, text: str, signature: bytes) -> LedgerRecord:
    """The record that keeps it."""
    event = HEAD_EVENT if isinstance(said, SegmentHead) else KEY_EVENT
    payload = {"event": event, "signed": text, "signature": signature.hex()}
    return LedgerRecord(RecordKind.SIGNING, said.utc_us, payload)


def head_in(content: Mapping[str, Any], sequence: int) -> SignedHead | None:
    """The head in a record's content, None where it holds a key. ``ValueError`` when damaged."""
    if content.get("event") != HEAD_EVENT:
        return None
    text, signature = _signed(content)
    return SignedHead(sequence, _decoded(text, SegmentHead), text, signature)


def key_in(content: Mapping[str, Any]) -> tuple[KeyStatement, str, str] | None:
    """Statement, text and signature (hex) of a key; None where the record holds a head."""
    if content.get("event") != KEY_EVENT:
        return None
    text, signature = _signed(content)
    return _decoded(text, KeyStatement), text, signature


def _signed(content: Mapping[str, Any]) -> tuple[str, str]:
    text, signature = content.get("signed"), content.get("signature")
    if not isinstance(text, str) or not isinstance(signature, str):
        raise ValueError("what was signed is not there")
    return text, signature


def _decoded(text: str, form: type[_Said]) -> _Said:
    try:
        return msgspec.json.decode(text, type=form)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from error
