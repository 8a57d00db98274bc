"""Station, cameras and engine: what looks, and what judges."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from inspector.link.details import CameraDetail, EngineDetail
from inspector.link.questions.station import Stage
from inspector.panel.models.station import StationModel
from inspector.panel.moments import date_and_time
from inspector.panel.station_words import told_whole
from inspector.panel.theme import Metrics
from inspector.panel.widgets.dragged import Dragged
from inspector.panel.widgets.facts import Fact, FactCard
from inspector.panel.widgets.view import View, beside, label
from inspector.panel.words import check_name

_SHORT = 16
"""Letters of a hash: enough to compare two by eye."""


class CamerasPane(View):
    """A card for each camera."""

    def __init__(self, model: StationModel) -> None:
        super().__init__()
        self._model = model
        self.cards: list[FactCard] = []
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Dragged(content))
        model.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show how they are."""
        cameras = self._model.details.cameras if self._model.details is not None else ()
        while len(self.cards) < len(cameras):
            self.cards.append(FactCard())
            self._column.insertWidget(len(self.cards) - 1, self.cards[-1])
        for index, one in enumerate(self.cards):
            one.setVisible(index < len(cameras))
            if index < len(cameras):
                camera = cameras[index]
                one.show_facts(f"{camera.name}  ·  {camera.driver}", self._facts(camera))

    def _facts(self, camera: CameraDetail) -> list[Fact]:
        lost = f"{camera.triggers:,} / {camera.frames:,} / {camera.lost:,}"
        facts = [self._link(camera)]
        if camera.detail:
            facts.append(Fact(self.tr("Last trouble"), told_whole(camera.detail), warn=True))
        if not camera.size:
            return facts
        facts += [
            Fact(self.tr("Picture"), camera.size),
            Fact(self.tr("Triggers / frames / lost"), lost, warn=camera.lost > 0),
        ]
        if camera.rate_hz is not None:
            facts.append(Fact(self.tr("Frames a second"), f"{camera.rate_hz:.1f}"))
        if camera.latency_ms is not None:
            facts.append(Fact(self.tr("Exposure to memory"), f"{camera.latency_ms:.1f} ms"))
        if camera.temperature_c is not None:
            facts.append(Fact(self.tr("Temperature"), f"{camera.temperature_c:.1f} °C"))
        for name, count, costly in (
            (self.tr("Packets sent again"), camera.resent, False),
            (self.tr("Packets that never came"), camera.missing, True),
            (self.tr("Incomplete frames"), camera.incomplete, True),
            (self.tr("Frames without a buffer"), camera.underrun, True),
            (self.tr("Times it was gone"), camera.reconnects, True),
        ):
            if count is not None:
                facts.append(Fact(name, f"{count:,}", warn=costly and count > 0))
        return facts

    def _link(self, camera: CameraDetail) -> Fact:
        if not camera.size and not camera.detail:
            return Fact(self.tr("Link"), self.tr("Closed: no product is loaded"))
        told = self.tr("Connected") if camera.connected else self.tr("Not connected")
        return Fact(self.tr("Link"), told, warn=not camera.connected)


class EnginePane(View):
    """Engine, calibration, and where the time goes."""

    def __init__(self, model: StationModel) -> None:
        super().__init__()
        self._model = model
        self.nothing = label("strong", wrap=True)
        self.engine, self.calibration, self.stages = FactCard(), FactCard(), FactCard()
        content = QWidget()
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, content)
        self._sides.setContentsMargins(0, 0, 8, 0)
        for cards in ((self.engine, self.stages), (self.calibration,)):
            column = QVBoxLayout()
            for one in cards:
                column.addWidget(one)
            column.addStretch(1)
            self._sides.addLayout(column, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.nothing)
        whole.addWidget(Dragged(content), 1)
        model.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Beside each other, or one below the other."""
        self._sides.setDirection(beside(metrics))

    def refresh(self) -> None:
        """Show what judges."""
        details = self._model.details
        engine = details.engine if details is not None else None
        self.nothing.setText(self.tr("Nothing is loaded: the station is Halted, or in Error."))
        self.nothing.setVisible(details is not None and engine is None)
        for one in (self.engine, self.calibration):
            one.setVisible(engine is not None)
        if engine is not None:
            self.engine.show_facts(engine.product, self._engine(engine))
            self.calibration.show_facts(self.tr("Calibration"), self._calibration(engine))
        self._show_stages()

    def _engine(self, engine: EngineDetail) -> list[Fact]:
        tested = date_and_time(engine.self_test_utc_us)
        return [
            Fact(self.tr("Self-test"), self.tr("✓ passed, {when}").format(when=tested)),
            Fact(self.tr("Method"), engine.method),
            Fact(self.tr("Runtime"), f"{engine.runtime}, {engine.precision}"),
            Fact(self.tr("Image, views"), f"{engine.size}  ·  {engine.views}"),
            Fact(self.tr("Threads"), f"{engine.threads}"),
            Fact(self.tr("Bundle"), engine.bundle[:_SHORT]),
            Fact(self.tr("Recipe"), engine.recipe[:_SHORT]),
            Fact(self.tr("Fingerprint"), engine.fingerprint),
        ]

    def _calibration(self, engine: EngineDetail) -> list[Fact]:
        if engine.threshold is None or engine.promised is None or engine.bound95 is None:
            none = self.tr("None: provisional thresholds, not for production")
            return [Fact(self.tr("State"), none, warn=True)]
        made = engine.calibrated_utc_us
        facts = [
            Fact(self.tr("Made"), date_and_time(made) if made is not None else ""),
            Fact(self.tr("Good images"), f"{engine.images:,}"),
            Fact(self.tr("Good parts rejected, as asked for"), f"{100 * engine.promised:g} %"),
            Fact(self.tr("Proven at 95 %: at most"), f"{100 * engine.bound95:.2g} %"),
            Fact(self.tr("Threshold, joint"), f"{engine.threshold:.4g}"),
        ]
        named = self.tr("Threshold, {check}")
        for one in engine.checks:
            name = named.format(check=check_name(one.name))
            facts.append(Fact(name, f"{one.threshold:.4g}"))
        return [*facts, Fact(self.tr("Identity"), engine.calibration[:_SHORT])]

    def _show_stages(self) -> None:
        found = self._model.stages
        self.stages.setVisible(found is not None)
        if found is None:
            return
        title = self.tr("Time of the last {n} parts").format(n=f"{found.parts:,}")
        if not found.stages:
            self.stages.show_facts(title, [Fact(self.tr("No part was inspected yet."), "")])
            return
        head = Fact(self.tr("ms"), self.tr("half / 99 % / longest"))
        self.stages.show_facts(title, [head, *self._times(found.stages)])

    def _times(self, stages: Sequence[Stage]) -> list[Fact]:
        names = {
            "arrived": self.tr("Exposure and transfer"),
            "copied": self.tr("Copy"),
            "started": self.tr("Waiting for the engine"),
            "prepared": self.tr("Preparation"),
            "inferred": self.tr("Engine"),
            "scored": self.tr("Checks"),
            "published": self.tr("Verdict to the PLC"),
            "all": self.tr("Trigger to verdict"),
        }
        return [
            Fact(
                names.get(one.name, one.name),
                f"{one.p50_ms:.1f} / {one.p99_ms:.1f} / {one.max_ms:.1f}",
            )
            for one in stages
        ]
