"""What every screen is given: the station's news, who to ask, and the window it lives in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inspector.panel.models.desk import Desk
from inspector.panel.models.panel import PanelModel
from inspector.panel.models.signing import Signed
from inspector.panel.translation import Language
from inspector.panel.widgets.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``model``: what the station says, and who is here. ``desk``: station and office, to ask."""

    model: PanelModel
    desk: Desk
    language: Language
    lay: Callable[[Sheet], None]
    """Lay a sheet over the screen; the verdict strip stays in sight."""
    say: Callable[[str], None]
    """Say a sentence for some seconds."""
    go: Callable[[str], None]
    """Show another screen, by its key."""
    log_in: Callable[[], None]
    """Ask who it is."""
    sign: Callable[[Signed], None]
    """Have a command signed, and sent: give it without reason and signatures."""
