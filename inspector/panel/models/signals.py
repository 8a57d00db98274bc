"""The signals between station and PLC, and the manual test of outputs."""

from __future__ import annotations

from inspector.core.state import StationState
from inspector.link.signals import (
    BeginTest,
    Connection,
    ForceOutput,
    GetSignals,
    Signal,
    Signals,
)
from inspector.panel.models.desk import Desk
from inspector.panel.models.polling import Polling
from inspector.panel.models.screen import ScreenModel

FORCED_S = 5.0
"""So long a touch forces an output."""
STALE_S = 2.0
"""A heartbeat that stands still for longer is told loudly."""


class SignalsModel(ScreenModel):
    """Polled twice a second while it is shown."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.signals: Signals | None = None
        self.chosen = 0
        self._polling = Polling(desk, GetSignals, self._take, self._refuse)

    @property
    def empty(self) -> bool:
        """True before the station told anything."""
        return self.signals is None

    @property
    def busy(self) -> bool:
        """True while the first answer is awaited."""
        return self.signals is None

    @property
    def connection(self) -> Connection | None:
        """The one that is shown."""
        all_of_them = self.signals.connections if self.signals is not None else ()
        return all_of_them[self.chosen] if self.chosen < len(all_of_them) else None

    @property
    def testing(self) -> bool:
        """Whether a manual test is on."""
        return self.signals is not None and self.signals.test is not None

    @property
    def may_force(self) -> bool:
        """Whether a touch forces: a test is on, and the role allows it."""
        return self.testing and self.desk.may("ForceOutput")

    def may_begin(self, state: StationState | None) -> bool:
        """Whether a test could begin, were it signed."""
        return state is StationState.HALTED and not self.testing

    def reload(self) -> None:
        """Ask now."""
        self.problem = ""
        self._polling.tick()

    def tick(self) -> None:
        """Twice a second."""
        self._polling.tick()

    def choose(self, connection: int) -> None:
        """Look at another connection."""
        self.chosen = connection
        self.changed.emit()

    def bits(self, *, outputs: bool) -> tuple[Signal, ...]:
        """The bits of one image."""
        return tuple(one for one in self._image(outputs=outputs) if isinstance(one.value, bool))

    def words(self, *, outputs: bool) -> tuple[Signal, ...]:
        """Numbers and texts of one image."""
        return tuple(one for one in self._image(outputs=outputs) if not isinstance(one.value, bool))

    def forced_s(self, output: str) -> float:
        """Seconds for which an output of this connection stays forced; 0: it is not."""
        test = self.signals.test if self.signals is not None else None
        return test.forced.get(f"{self.chosen}:{output}", 0.0) if test is not None else 0.0

    def begin(self) -> BeginTest:
        """The command that begins a test, to be given a reason and a signature."""
        return BeginTest("")

    def force(self, output: str) -> None:
        """A touch: the other value for some seconds; of one that is forced, the end of that."""
        value = {one.name: one.value for one in self.bits(outputs=True)}.get(output)
        if value is None or not self.may_force:
            return
        seconds = 0.0 if self.forced_s(output) else FORCED_S
        command = ForceOutput(output, not value, seconds, self.chosen)
        self.send(command, lambda _answer: self.reload())

    def _image(self, *, outputs: bool) -> tuple[Signal, ...]:
        connection = self.connection
        if connection is None:
            return ()
        return connection.outputs if outputs else connection.inputs

    def _take(self, signals: Signals) -> None:
        if signals != self.signals:
            self.signals = signals
            self.chosen = min(self.chosen, max(0, len(signals.connections) - 1))
            self.changed.emit()

    def _refuse(self, reason: str) -> None:
        self.signals, self.problem = None, reason
        self.changed.emit()
