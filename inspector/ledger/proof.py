"""What makes the chain provable: signed segments, heads kept elsewhere, a check that goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inspector.core.errors import InspectorError
from inspector.core.ports import Clock, Recorder
from inspector.ledger.anchor import Anchored, AnchorFile, Anchoring, anchor_file, read_anchors
from inspector.ledger.checking import LedgerCheck
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.heads import SignedHead, key_id
from inspector.ledger.keys import KeyFolder
from inspector.ledger.reader import LedgerReader
from inspector.ledger.segments import Segments, key_in_use
from inspector.ledger.signatures import Proofs
from inspector.ledger.store import Store


@dataclass(frozen=True, slots=True)
class ProofSettings:
    """How the ledger of a station is signed, anchored and checked; as ``LedgerConfig`` has it."""

    segment_records: int = 1000
    segment_min: float = 5.0
    anchor_path: Path | None = None
    check_share: float = 0.05
    check_hours: float = 24.0


class Proof:
    """Segments, anchor and check of an open ledger.

    Opening makes the key at its first use and signs what a crash left unsigned; ``start`` when the
    writer runs. Raises ``LedgerError`` and ``StorageError``.
    """

    def __init__(
        self, store: Store, data_folder: Path, clock: Clock, settings: ProofSettings
    ) -> None:
        self._store = store
        self._data_folder = data_folder
        self._clock = clock
        self._settings = settings
        signer = key_in_use(store, KeyFolder(key_folder(data_folder)), clock)
        self._key = key_id(signer.public)
        self._anchoring = _anchoring(store, settings.anchor_path)
        self._check: LedgerCheck | None = None
        self.segments = Segments(
            store,
            signer,
            clock,
            most=settings.segment_records,
            longest_s=60.0 * settings.segment_min,
            told=self._anchoring.wake if self._anchoring else lambda: None,
        )

    def start(self, evidence: EvidenceStore, recorder: Recorder) -> None:
        """Start what runs beside the writer."""
        if self._anchoring is not None:
            self._anchoring.start()
        if self._settings.check_share > 0.0:
            self._check = LedgerCheck(
                self._store.reader,
                evidence,
                recorder,
                self._clock,
                place=self._data_folder / "ledger" / "checked.json",
                proofs=_proofs_of(self._store.station, self._key, self._settings.anchor_path),
                share=self._settings.check_share,
                round_s=3600.0 * self._settings.check_hours,
            )
            self._check.start()

    def close_check(self) -> bool:
        """Before the writer closes: what is found is still recorded."""
        return self._check is None or self._check.close()

    def close_anchor(self) -> bool:
        """After the writer closed: the last head is anchored."""
        return self._anchoring is None or self._anchoring.close()

    @property
    def newest(self) -> SignedHead | None:
        """The newest head, for reports and fieldbuses. Any thread."""
        return self.segments.newest

    @property
    def anchor_fault(self) -> str | None:
        """Why heads cannot be kept elsewhere at this moment."""
        return self._anchoring.fault if self._anchoring else None

    @property
    def finding(self) -> str | None:
        """The first thing that is wrong with the ledger, in words."""
        return self._check.finding if self._check else None

    @property
    def check_fault(self) -> str | None:
        """Why the ledger cannot be checked at this moment."""
        return self._check.fault if self._check else None


def key_folder(data_folder: Path) -> Path:
    """Where the key is that signs the ledger."""
    return data_folder / "keys"


def known_anchors(folder: Path | None, station: str, after: int = 0) -> tuple[Anchored, ...]:
    """What is anchored of a station; nothing where there is no anchor, or not yet.

    Raises ``InputError`` and ``StorageError``.
    """
    if folder is None or (folder.is_dir() and not anchor_file(folder, station).exists()):
        return ()
    return read_anchors(anchor_file(folder, station), after)


def _anchoring(store: Store, folder: Path | None) -> Anchoring | None:
    if folder is None:
        return None
    return Anchoring(store.reader, AnchorFile(folder, store.station))


def _proofs_of(station: str, key: str, folder: Path | None) -> Callable[[int], Proofs]:
    def proofs(after: int) -> Proofs:
        try:
            anchors = known_anchors(folder, station, after)
        except InspectorError:  # who keeps it up to date says so
            anchors = ()
        return Proofs(trusted=frozenset({key}), anchors=anchors, signed=True)

    return proofs


def proofs_of(
    reader: LedgerReader, data_folder: Path, anchor_path: Path | None
) -> tuple[Proofs, str]:
    """What the station itself knows, for ``inspector ledger verify``; and a word on the anchor."""
    public = KeyFolder(key_folder(data_folder)).public()
    trusted = frozenset({key_id(public)} if public else ())
    try:
        anchors = known_anchors(anchor_path, reader.station)
        said = f"{len(anchors)} anchored lines compared" if anchor_path else "no anchor"
    except InspectorError as error:
        anchors, said = (), f"the anchor could not be read: {error}"
    return Proofs(trusted=trusted, anchors=anchors, signed=public is not None), said
