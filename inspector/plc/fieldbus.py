"""The port of a protocol: it carries the two images across, and knows nothing of their meaning."""

from __future__ import annotations

from typing import Protocol

from inspector.plc.registers import Inputs, Outputs


class Fieldbus(Protocol):
    """One connection by one protocol. All methods on one thread of the gateway process.

    Each may raise ``PlcError`` when the peer cannot be reached; the gateway then calls ``close``,
    and ``open`` again with growing pauses. A server that waits for its first client raises
    ``PlcAwaited`` instead, and stays open.
    """

    def open(self) -> None:
        """Connect, or listen. All outputs start as ``Outputs()``: nothing holds."""

    def exchange(self, outputs: Outputs) -> Inputs | None:
        """Make ``outputs`` visible to the PLC and return what it says now.

        None where the protocol has no way back (a relay, an observer): acks are then not waited
        for. Called at each scan, and at once when a result or status changed; it must return within
        a scan. Where we are the server, it updates what clients read and returns what they wrote.
        """

    def close(self) -> None:
        """Withdraw (``Outputs()``) where that is still possible, and disconnect. Safe twice."""
