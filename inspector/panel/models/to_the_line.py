"""The way of a product that was taught to the line: loaded, shown limit samples, released."""

from __future__ import annotations

from inspector.core.state import StationState
from inspector.link.messages import SelectAutomatic, SelectProduct
from inspector.panel.models.changed import Changed
from inspector.panel.models.desk import Desk
from inspector.panel.models.live import LiveModel
from inspector.panel.models.teach_steps import Next, needed_by

_DONE = {StationState.READY, StationState.INITIALIZED, StationState.ERROR}


class ToTheLine:
    """Qt-free; GUI thread. Tells when a loading began, ended or was refused."""

    def __init__(self, desk: Desk, live: LiveModel) -> None:
        self.changed = Changed()
        self.product = ""
        self.problem = ""
        self._fresh = False
        self._loading = False
        self._desk, self._live = desk, live
        live.changed.connect(self._look)

    @property
    def what_next(self) -> Next:
        """What the product needs before it runs."""
        if self._loading:
            return Next.LOADING
        halted = self._live.state is StationState.HALTED
        needed = needed_by(self.product, None if halted else self._live.status)
        return Next.LOAD if self._fresh else needed

    def taught(self, product: str) -> None:
        """It was taught more: what the line has loaded is what it was before."""
        self.product, self._fresh = product, True
        self.changed.emit()

    def load(self) -> None:
        """Let the line take the product."""
        self.problem, self._fresh, self._loading = "", False, True
        self._desk.send(SelectProduct(self.product), refused=self._refused)
        self.changed.emit()

    def load_old(self) -> None:
        """Let the line take what it had; the cameras are its own again."""
        self._desk.send(SelectAutomatic())

    def _look(self) -> None:
        status = self._live.status
        if self._loading and status is not None and status.product == self.product:
            self._loading = status.state not in _DONE
            if not self._loading:
                self.changed.emit()

    def _refused(self, reason: str) -> None:
        self._loading, self.problem = False, reason
        self.changed.emit()
