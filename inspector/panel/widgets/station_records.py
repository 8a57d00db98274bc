"""Station, records: disk, pictures, ledger, and whether its chain was checked."""

from __future__ import annotations

from PyQt6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from inspector.link.details import StoreDetail
from inspector.link.questions.station import Kept
from inspector.panel.models.station import StationModel
from inspector.panel.station_words import station_words
from inspector.panel.theme import Metrics
from inspector.panel.widgets.disk_bar import DiskBar
from inspector.panel.widgets.dragged import Dragged
from inspector.panel.widgets.facts import Fact, FactCard
from inspector.panel.widgets.view import View, beside, label

_UNITS = ("B", "kB", "MB", "GB", "TB")


class RecordsPane(View):
    """Disk on top; then what is kept, and how the writing goes."""

    def __init__(self, model: StationModel) -> None:
        super().__init__()
        self._model = model
        self.nothing = label("strong", wrap=True)
        self.disk, self.bar = label("strong", wrap=True), DiskBar()
        self.levels = label("small", wrap=True)
        self.kept, self.ledger, self.chain = FactCard(), FactCard(), FactCard()
        self.evidence = FactCard()
        content = QWidget()
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        for cards in ((self.evidence, self.kept), (self.ledger, self.chain)):
            column = QVBoxLayout()
            for one in cards:
                column.addWidget(one)
            column.addStretch(1)
            self._sides.addLayout(column, 1)
        inside = QVBoxLayout(content)
        inside.setContentsMargins(0, 0, 8, 0)
        for widget in (self.nothing, self.disk, self.bar, self.levels):
            inside.addWidget(widget)
        inside.addLayout(self._sides)
        inside.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Dragged(content))
        model.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Beside each other, or one below the other."""
        self._sides.setDirection(beside(metrics))

    def refresh(self) -> None:
        """Show how it stands."""
        details = self._model.details
        store = details.store if details is not None else None
        self.nothing.setText(self.tr("This line keeps no records."))
        self.nothing.setVisible(details is not None and store is None)
        for widget in (self.disk, self.bar, self.levels, self.ledger, self.chain):
            widget.setVisible(store is not None)
        if store is not None:
            self._show_disk(store)
            self.ledger.show_facts(self.tr("Writing"), self._writing(store))
            self.chain.show_facts(self.tr("Chain"), self._chain(store))
        kept = self._model.kept
        for one in (self.evidence, self.kept):
            one.setVisible(kept is not None)
        if kept is not None:
            self.evidence.show_facts(self.tr("Pictures, by why they are kept"), self._classes(kept))
            self.kept.show_facts(self.tr("Ledger"), self._kept(kept))

    def _show_disk(self, store: StoreDetail) -> None:
        text = self.tr("Disk {full} % full, {free} free")
        full, free = f"{100 * store.disk_full:.0f}", _size(store.disk_free_bytes)
        self.disk.setText(text.format(full=full, free=free))
        levels = (store.maintenance_at, store.shed_at, store.stop_at)
        self.bar.show_share(store.disk_full, levels)
        words = self.tr(
            "From {told} %: alarm. From {shed} %: pictures of passes are not kept. "
            "From {stop} %: the line stops, where the recipe requires pictures."
        )
        told, shed, stop = (f"{100 * level:.0f}" for level in levels)
        self.levels.setText(words.format(told=told, shed=shed, stop=stop))

    def _writing(self, store: StoreDetail) -> list[Fact]:
        waiting = f"{store.waiting:,} / {store.room:,}"
        times = f"{store.write_ms:.0f} / {store.longest_ms:.0f} ms"
        lost = f"{store.dropped_records:,} / {store.dropped_pictures:,}"
        facts = [
            Fact(self.tr("State"), store.fault or self.tr("✓ no fault"), warn=bool(store.fault)),
            Fact(
                self.tr("Since the start: records / pictures"),
                f"{store.written:,} / {store.pictures:,}",
            ),
            Fact(self.tr("Waiting / room"), waiting, warn=store.waiting > store.room // 2),
            Fact(self.tr("Last / longest write"), times),
            Fact(
                self.tr("Lost: records / pictures"),
                lost,
                warn=bool(store.dropped_records or store.dropped_pictures),
            ),
        ]
        if store.journal_records or store.journal_fault:
            journal = f"{store.journal_records:,}  ·  {_size(store.journal_bytes)}"
            facts.append(Fact(self.tr("Journal, for the plant's database"), journal))
        if store.journal_fault:
            facts.append(Fact(self.tr("Database"), store.journal_fault, warn=True))
        return facts

    def _chain(self, store: StoreDetail) -> list[Fact]:
        checked = station_words(store.finding) or self.tr("✓ nothing was altered")
        signed = f"{store.signed_records:,}" if store.signed_records else self.tr("not yet")
        facts = [
            Fact(self.tr("Check"), checked, warn=bool(store.finding)),
            Fact(self.tr("Signed up to record"), signed),
        ]
        if store.check_fault:
            facts.append(Fact(self.tr("Cannot be checked"), store.check_fault, warn=True))
        if store.anchor_fault:
            facts.append(Fact(self.tr("Anchor"), store.anchor_fault, warn=True))
        return facts

    def _classes(self, kept: Kept) -> list[Fact]:
        names = {
            "reject": self.tr("Rejects"),
            "borderline": self.tr("Passes that nearly were none"),
            "context": self.tr("Before an alarm"),
            "pass": self.tr("Passes, drawn by chance"),
        }
        facts = [
            Fact(names.get(one.kind, one.kind), f"{one.pictures:,}  ·  {_size(one.bytes)}")
            for one in kept.classes
        ]
        return facts or [Fact(self.tr("Not counted yet"), self.tr("every ten minutes"))]

    def _kept(self, kept: Kept) -> list[Fact]:
        facts = [
            Fact(self.tr("Records"), f"{kept.records:,}"),
            Fact(self.tr("Files on this PC"), _size(kept.ledger_bytes)),
        ]
        if kept.elsewhere:
            facts.append(Fact(self.tr("Where"), self.tr("in the plant's database")))
        return facts


def _size(count: float) -> str:
    """Bytes as people say them."""
    for unit in _UNITS:
        if count < 1000 or unit == _UNITS[-1]:
            break
        count /= 1000
    return f"{count:.0f} {unit}" if unit == "B" or count >= 100 else f"{count:.1f} {unit}"
