"""Following the signatures along the chain: whose they are, and what they cover."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from inspector.core.record import RecordKind
from inspector.ledger.anchor import Anchored
from inspector.ledger.chain import Head, StoredRecord
from inspector.ledger.heads import (
    KeyStatement,
    SignedHead,
    grouped,
    head_in,
    key_id,
    key_in,
    message_of,
)
from inspector.ledger.keys import is_signed


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, at a record."""

    sequence: int
    problem: str


@dataclass(frozen=True, slots=True)
class Proofs:
    """What is known from elsewhere, and the ledger must agree with.

    ``trusted`` are ids of keys, or their fingerprints: one of them, or one that it signed, must
    have signed the newest head. Without any, the first key that the ledger names is believed.
    ``printed`` are fingerprints of heads, hex without gaps, at least the digits that are printed.
    """

    trusted: frozenset[str] = frozenset()
    anchors: Sequence[Anchored] = ()
    printed: frozenset[str] = frozenset()
    signed: bool = False
    """It is known that this ledger is signed."""

    def trusts(self, key: str) -> bool:
        """Is this id, or the fingerprint that is printed of it, among the trusted?"""
        return any(key.startswith(digits) for digits in self.trusted)


class Signed(msgspec.Struct, kw_only=True):
    """How far the signatures were followed; what a walk needs to go on from there."""

    public: str | None = None
    begun: int = 0
    """The record that names the first key."""
    vouched: bool = False
    """A trusted key, or one that goes back to it, signs."""
    number: int = 0
    last: int = 0
    hash: str | None = None
    head_sequence: int = 0
    most: int = 0

    @property
    def key(self) -> str | None:
        """Id of the key that signs."""
        return None if self.public is None else key_id(bytes.fromhex(self.public))


class SignatureWalk:
    """Takes the records of kind ``signing`` in the order of the chain and says what is wrong."""

    def __init__(self, station: str, proofs: Proofs, signed: Signed | None = None) -> None:
        self._station = station
        self._proofs = proofs
        self._unseen = set(proofs.printed)
        self._anchors = {line.sequence: line.payload for line in proofs.anchors}
        self.signed = signed or Signed()

    def follow(
        self, record: StoredRecord, content: dict[str, Any], before: Head
    ) -> Iterator[Finding]:
        """``before`` is the link that the record follows."""
        if record.kind != RecordKind.SIGNING:
            return
        try:
            key, head = key_in(content), head_in(content, record.sequence)
        except ValueError as error:
            yield Finding(record.sequence, f"what was signed cannot be read: {error}")
            return
        if key is not None:
            yield from self._key(record.sequence, *key)
        elif head is not None:
            yield from self._head(head, before)
        else:
            yield Finding(record.sequence, "neither a head nor a key")

    def anchored(self, record: StoredRecord) -> Iterator[Finding]:
        """Is the record the one that was anchored under its number?"""
        anchored = self._anchors.get(record.sequence)
        if anchored is not None and anchored != record.payload:
            yield Finding(record.sequence, "is not the record that was anchored under this number")

    def end(self, link: Head) -> Iterator[Finding]:
        """What is wrong with the whole, once its last record was seen."""
        beyond = [sequence for sequence in self._anchors if sequence > link.sequence]
        if beyond:
            yield Finding(
                link.sequence + 1, f"cut off: records up to {max(beyond)} were here when anchored"
            )
        for printed in sorted(self._unseen):
            yield Finding(
                link.sequence, f"no head bears the printed fingerprint {grouped(printed)}"
            )
        now = self.signed
        if now.public is None:
            if self._proofs.signed or self._proofs.trusted:
                yield Finding(1, "nothing is signed, in a ledger that was")
        elif self._proofs.trusted and not now.vouched:
            key = grouped(now.key or "")
            yield Finding(now.begun, f"signed with another key: {key} is not trusted")
        tail = link.sequence - self.signed.head_sequence
        if self.signed.number and tail > 2 * self.signed.most:
            first = self.signed.head_sequence + 1
            yield Finding(first, "no signed head follows, for more records than a segment has")

    def _key(
        self, sequence: int, said: KeyStatement, text: str, signature: str
    ) -> Iterator[Finding]:
        now, message = self.signed, message_of(said, text)
        if said.station != self._station:
            yield Finding(sequence, f"key of another station: {said.station}")
        if not _signed_by(now.public or said.public, message, signature):
            yield from self._unvouched(sequence, said, message, signature)
            now.vouched = self._proofs.trusts(said.key)
        elif now.public is None:
            now.vouched = self._proofs.trusts(said.key)
        elif said.replaces != now.key:
            yield Finding(sequence, "key that replaces another one than was in use")
        now.public, now.begun = said.public, now.begun or sequence

    def _unvouched(
        self, sequence: int, said: KeyStatement, message: bytes, signature: str
    ) -> Iterator[Finding]:
        if not _signed_by(said.public, message, signature):
            yield Finding(sequence, "wrong signature of a key")
        elif not self._proofs.trusts(said.key):
            lost = ", which was said to be lost" if said.lost else ""
            yield Finding(
                sequence, f"key {grouped(said.key)} is not signed by the key before it{lost}"
            )

    def _head(self, signed: SignedHead, before: Head) -> Iterator[Finding]:
        now, head = self.signed, signed.head
        place = f"head of records {head.first} to {head.last}"
        if now.public is None:
            yield Finding(signed.sequence, f"{place}: no key was named before it")
        elif not _signed_by(now.public, message_of(head, signed.text), signed.signature):
            yield Finding(signed.sequence, f"{place}: wrong signature")
        elif self._proofs.trusts(now.key or ""):
            now.vouched = True
        if head.station != self._station:
            yield Finding(signed.sequence, f"{place}: of another station: {head.station}")
        if (head.last, head.digest) != (before.sequence, before.digest.hex()):
            yield Finding(signed.sequence, f"{place}: the records are not those that were signed")
        first = now.last + 1 if now.number else now.begun
        if (head.number, head.first, head.previous) != (now.number + 1, first, now.hash):
            yield Finding(signed.sequence, f"{place}: does not follow the head before it")
        self._unseen = {digits for digits in self._unseen if not signed.hash.startswith(digits)}
        now.number, now.last, now.hash = head.number, head.last, signed.hash
        now.head_sequence, now.most = signed.sequence, head.most


def _signed_by(public: str, message: bytes, signature: str) -> bool:
    try:
        return is_signed(bytes.fromhex(public), message, bytes.fromhex(signature))
    except ValueError:
        return False
