"""Check an export of inspection records: without Inspector, by this one file.

It needs Python 3.9 or newer and the package ``cryptography``; nothing is written, nothing is sent.

    python verify_export.py FOLDER --key KEY --anchors HEADS --printed "1a2b 3c4d ..."

What is given beside the folder must come from elsewhere: the key's fingerprint from paper, the
anchored heads (STATION.heads.jsonl) from the second path, fingerprints from printed reports.
Without them the export can only be found to agree with itself. Exit code: 0 nothing is wrong,
1 something is, 2 it cannot be read.

The chain: digest(n) = SHA-256(digest(n-1) + SHA-256(payload(n))), and digest(0) is the SHA-256 of
"inspector ledger of STATION". Heads sign the digest of the record before them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HEAD_BEGINS = b"Inspector ledger: segment head\n"
KEY_BEGINS = b"Inspector ledger: signing key\n"
PRINTED_DIGITS = 32
MOST_FINDINGS = 100


def sha256(data: bytes) -> bytes:
    """The digest, 32 bytes."""
    return hashlib.sha256(data).digest()


def grouped(digits: str) -> str:
    """As it is printed: 128 bits in groups of four digits."""
    return " ".join(digits[at : at + 4] for at in range(0, PRINTED_DIGITS, 4))


def ungrouped(text: str) -> str:
    """As it is compared. Raises ``ValueError`` for less than is printed, or no hex."""
    digits = re.sub(r"[\s-]", "", text).lower()
    if not re.fullmatch(rf"[0-9a-f]{{{PRINTED_DIGITS},64}}", digits):
        raise ValueError(f"{text!r} is not a fingerprint of at least {PRINTED_DIGITS} digits")
    return digits


def is_signed(public: str, message: bytes, signature: str) -> bool:
    """True when the holder of the key signed exactly this message; both are hex."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file, one a line; a line that is repeated whole in the next was cut short.

    A line that is no JSON object becomes ``{}``: it will be missed where it should be.
    """
    before = ""
    with path.open(encoding="utf-8", errors="replace", newline="\n") as lines:
        for line in lines:
            text = line.rstrip("\n")
            if before and not text.startswith(before):
                yield parsed(before)
            before = text
    if before:
        yield parsed(before)


def parsed(text: str) -> dict[str, Any]:
    """An object of JSON, empty where there is none."""
    try:
        content = json.loads(text)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


class Check:
    """One pass over an export. ``findings`` are (record, what is wrong), in order."""

    def __init__(
        self,
        folder: Path,
        trusted: Iterable[str] = (),
        anchors: Path | None = None,
        printed: Iterable[str] = (),
    ) -> None:
        self.folder = folder
        self.trusted = [ungrouped(key) for key in trusted]
        self.printed = {ungrouped(text) for text in printed}
        came_along = folder / "anchors.jsonl"
        self.own_anchors = anchors is not None
        anchored = anchors or (came_along if came_along.is_file() else None)
        self.anchors = read_anchors(anchored) if anchored else {}
        self.manifest = parsed((folder / "manifest.json").read_text(encoding="utf-8"))
        self.station = str(self.manifest.get("station"))
        self.findings: list[tuple[int, str]] = []
        self.missing: list[tuple[int, str, str]] = []
        self.deleted: dict[str, int] = {}
        self.records = self.evidence = self.heads = 0
        self.sequence = int(self.manifest.get("first", 1)) - 1
        self.digest = bytes.fromhex(str(self.manifest.get("digest_before")))
        self.key: str | None = None
        self.vouched = False
        self.begun = self.signed_to = self.number = self.most = self.head_at = 0
        self.head_hash: str | None = None

    def run(self) -> bool:
        """True when nothing is wrong."""
        if self.sequence == 0 and self.digest != sha256(
            f"inspector ledger of {self.station}".encode()
        ):
            self.find(1, f"the chain does not begin as that of station {self.station}")
        for line in self.lines_of("keys.jsonl"):
            self.signing(int(line["sequence"]), parsed(str(line["payload"])), proved=False)
        for line in json_lines(self.folder / "records.jsonl"):
            self.record(line)
            if len(self.findings) >= MOST_FINDINGS:
                return False
        last, digest = self.manifest.get("last"), self.manifest.get("digest")
        if (self.sequence, self.digest.hex()) != (last, digest):
            self.find(self.sequence + 1, f"cut off: the export went up to record {last}")
        self.after()
        self.whole()
        self.findings.sort(key=lambda finding: finding[0])
        return not self.findings

    def find(self, sequence: int, problem: str) -> None:
        """Note what is wrong at a record."""
        self.findings.append((sequence, problem))

    def lines_of(self, name: str) -> Iterator[dict[str, Any]]:
        """Lines of a file of the export that need not be there."""
        path = self.folder / name
        return json_lines(path) if path.is_file() else iter(())

    def record(self, line: dict[str, Any]) -> None:
        """The next line of ``records.jsonl``."""
        self.records += 1
        sequence, text = line.get("sequence"), line.get("payload")
        if not isinstance(sequence, int) or not isinstance(text, str):
            self.find(self.sequence + 1, "this line holds no record")
            return
        payload = text.encode(errors="replace")
        follows = sha256(self.digest + sha256(payload))
        before, self.sequence, at = self.digest, sequence, self.sequence
        self.digest = digest_of(line)
        if sequence in self.anchors and self.anchors[sequence] != text:
            self.find(sequence, "is not the record that was anchored under this number")
        if sequence != at + 1:
            self.find(at + 1, f"removed, or out of its place: record {sequence} stands there")
        elif follows != self.digest:
            self.find(sequence, "altered, inserted or moved: its digest does not follow")
        else:
            self.content(sequence, parsed(text), at, before)

    def content(self, sequence: int, content: dict[str, Any], at: int, before: bytes) -> None:
        """What a record of the chain says; ``before`` is the digest of the one before it."""
        if content.get("kind") == "signing":
            self.signing(sequence, content, at=at, before=before)
        if content.get("event") == "evidence deleted":
            for picture in content.get("pictures") or ():
                self.deleted[str(picture["digest"])] = sequence
        for mark in content.get("evidence") or ():
            if isinstance(mark, dict) and "digest" in mark:
                self.picture(sequence, mark)

    def picture(self, sequence: int, mark: dict[str, Any]) -> None:
        """One file that a record names."""
        self.evidence += 1
        name = f"{mark['digest']}{mark.get('suffix', '')}"
        path = self.folder / "evidence" / name
        if not re.fullmatch(r"[0-9a-f]{64}[.a-z0-9]*", name) or not path.is_file():
            problem = f"evidence {mark.get('name')} is missing: {name}"
            self.missing.append((sequence, str(mark["digest"]), problem))
            return
        state = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                state.update(block)
        if state.hexdigest() != mark["digest"]:
            self.find(sequence, f"evidence {mark.get('name')} is altered: {name}")

    def signing(
        self,
        sequence: int,
        content: dict[str, Any],
        *,
        at: int = 0,
        before: bytes = b"",
        proved: bool = True,
    ) -> None:
        """A head or a key. Not ``proved``: it lies before the export, outside of the chain."""
        text, signature = str(content.get("signed")), str(content.get("signature"))
        said = parsed(text)
        if content.get("event") == "signing key":
            self.change_key(sequence, said, KEY_BEGINS + text.encode(), signature)
            self.begun = sequence if self.begun == 0 and proved else self.begun
        elif content.get("event") == "segment head":
            self.head(sequence, said, text, signature, (at, before.hex()))
        else:
            self.find(sequence, "neither a head nor a key")

    def change_key(
        self, sequence: int, said: dict[str, Any], message: bytes, signature: str
    ) -> None:
        """Another key signs from here on."""
        new = str(said.get("public"))
        trusted = self.is_trusted(new)
        if said.get("station") != self.station:
            self.find(sequence, f"key of another station: {said.get('station')}")
        if self.key is not None and is_signed(self.key, message, signature):
            if said.get("replaces") != key_id(self.key):
                self.find(sequence, "key that replaces another one than was in use")
        elif not is_signed(new, message, signature):
            self.find(sequence, "wrong signature of a key")
        else:
            if self.key is not None and not trusted:
                name = grouped(key_id(new))
                self.find(sequence, f"key {name} is not signed by the key before it")
            self.vouched = trusted
        self.key = new

    def head(
        self,
        sequence: int,
        said: dict[str, Any],
        text: str,
        signature: str,
        link: tuple[int, str],
    ) -> None:
        """The head of a segment; ``link`` is the record before it, and its digest."""
        place = f"head of records {said.get('first')} to {said.get('last')}"
        if self.key is None:
            self.find(sequence, f"{place}: no key was named before it")
        elif not is_signed(self.key, HEAD_BEGINS + text.encode(), signature):
            self.find(sequence, f"{place}: wrong signature")
        elif self.is_trusted(self.key):
            self.vouched = True
        if said.get("station") != self.station:
            self.find(sequence, f"{place}: of another station: {said.get('station')}")
        if (said.get("last"), said.get("digest")) != link:
            self.find(sequence, f"{place}: the records are not those that were signed")
        if not self.follows(said):
            self.find(sequence, f"{place}: does not follow the head before it")
        self.head_hash = hashlib.sha256(text.encode()).hexdigest()
        self.printed = {d for d in self.printed if not self.head_hash.startswith(d)}
        self.heads, self.head_at = self.heads + 1, sequence
        self.number, self.most = int(said.get("number", 0)), int(said.get("most", 0))
        self.signed_to = link[0]

    def follows(self, said: dict[str, Any]) -> bool:
        """Is this the next head? The first one of an export that begins later may be any."""
        found = (said.get("number"), said.get("first"), said.get("previous"))
        if self.heads == 0 and self.manifest.get("first") != 1:
            return True
        first = self.signed_to + 1 if self.heads else self.begun
        return found == (self.number + 1, first, self.head_hash)

    def is_trusted(self, public: str) -> bool:
        """Was the key, or its printed fingerprint, given from elsewhere?"""
        return any(key_id(public).startswith(digits) for digits in self.trusted)

    def after(self) -> None:
        """The records between the export's last and the head that signs it, by their digests."""
        for line in self.lines_of("after.jsonl"):
            if "payload" in line:
                text = str(line["payload"])
                self.signing(
                    int(line["sequence"]), parsed(text), at=self.sequence, before=self.digest
                )
                hashed = sha256(text.encode())
            else:
                hashed = bytes.fromhex(str(line["payload_sha256"]))
            self.sequence, self.digest = int(line["sequence"]), sha256(self.digest + hashed)

    def whole(self) -> None:
        """What only the whole can show."""
        for sequence, digest, problem in self.missing:
            if self.deleted.get(digest, 0) < sequence:  # no later record says that it was deleted
                self.find(sequence, problem)
        beyond = [sequence for sequence in self.anchors if sequence > self.sequence]
        if beyond and self.manifest.get("newest") == self.manifest.get("last"):
            until = max(beyond)
            self.find(self.sequence + 1, f"cut off: records up to {until} were here when anchored")
        for digits in sorted(self.printed):
            self.find(self.sequence, f"no head bears the printed {grouped(digits)}")
        if self.trusted and self.key is None:
            self.find(1, "nothing is signed, in a ledger that was")
        elif self.trusted and not self.vouched and self.key is not None:
            name = grouped(key_id(self.key))
            self.find(self.begun, f"signed with another key: {name} is not trusted")
        if self.heads and self.sequence - self.head_at > 2 * self.most:
            self.find(
                self.head_at + 1, "no signed head follows, for more records than a segment has"
            )

    def report(self) -> list[str]:
        """What was found, line by line."""
        lines = [f"record {sequence}: {problem}" for sequence, problem in self.findings]
        first = self.manifest.get("first")
        lines.append(f"station {self.station}: {self.records} records from {first} on")
        lines.append(f"{self.evidence} pictures named, {self.heads} signed heads")
        if self.missing:
            gone = sum(digest in self.deleted for _, digest, _ in self.missing)
            lines.append(f"{gone} pictures were deleted, as later records say")
        if self.key is not None:
            known = "trusted" if self.vouched else "compare it with one from elsewhere"
            lines.append(f"key {grouped(key_id(self.key))}: {known}")
            lines.append(f"signed up to record {self.signed_to}; what follows is chained alone")
        if self.key is None:
            lines.append("nothing is signed: whoever can write can make it anew, unseen")
        elif self.begun > 1:
            lines.append(f"records before {self.begun} were written before signing began")
        if self.anchors:
            whose = "yours" if self.own_anchors else "the copy in the export: bring your own"
            lines.append(f"{len(self.anchors)} anchored lines compared ({whose})")
        else:
            lines.append("no anchor: records cut off from the end cannot be missed")
        return lines


def key_id(public: str) -> str:
    """How a key is called: SHA-256 of its public half, hex."""
    try:
        return hashlib.sha256(bytes.fromhex(public)).hexdigest()
    except ValueError:
        return "0" * 64


def digest_of(line: dict[str, Any]) -> bytes:
    """The digest that a line names; nothing where it names none."""
    try:
        return bytes.fromhex(str(line.get("digest")))
    except ValueError:
        return b""


def read_anchors(path: Path) -> dict[int, str]:
    """Payloads by the number of their record."""
    return {int(line["sequence"]): str(line["payload"]) for line in json_lines(path) if line}


def main(arguments: list[str] | None = None) -> int:
    """The program."""
    about = (__doc__ or "").split("\n", maxsplit=1)[0]
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument("--key", action="append", default=[], help="fingerprint of a trusted key")
    parser.add_argument("--anchors", type=Path, help="your copy of STATION.heads.jsonl")
    parser.add_argument("--printed", action="append", default=[], help="fingerprint on a report")
    given = parser.parse_args(arguments)
    started = time.perf_counter()
    try:
        check = Check(given.folder, given.key, given.anchors, given.printed)
        intact = check.run()
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"cannot be read: {type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201  # a program
        return 2
    seconds = time.perf_counter() - started
    print("\n".join(check.report()))  # noqa: T201  # a program
    verdict = "intact" if intact else f"NOT INTACT from record {check.findings[0][0]} on"
    print(f"{verdict} ({check.records / seconds:.0f} records/s)")  # noqa: T201  # a program
    return 0 if intact else 1


if __name__ == "__main__":
    sys.exit(main())
