"""The one exception tree of Inspector.

::

    InspectorError
    ├── InputError            exit 2: what was given is wrong; the person can mend it
    │   ├── ConfigError       a YAML file, a key, a unit
    │   ├── ImageError        a picture that cannot be read or used
    │   ├── DatasetError      a folder of pictures that cannot be taught or evaluated
    │   ├── BundleError       a damaged, foreign or newer bundle or calibration
    │   └── RefusedError      a command that is not allowed now, or not to this user
    ├── Cancelled             exit 130: a person stopped the work; nothing of it remains
    └── FaultError            exit 3: the machine failed while it worked
        ├── CameraError
        │   ├── CameraTimeout no frame within the time asked; the line goes on
        │   ├── CameraLost    the device is gone; it is looked for, its parts are rejected
        │   ├── FrameCorrupt  a frame arrived incomplete; it is lost, the line goes on
        │   └── CameraEnded   the source has no more frames (a replay that does not loop)
        ├── EngineError
        ├── PlcError
        │   ├── PlcLost       it cannot be reached; it is looked for, its parts are rejected
        │   └── PlcAwaited    it has not connected to us yet; we go on listening
        ├── LedgerError
        ├── StorageError      disk full, folder not writable
        └── LinkError

Each message is one line that names the file, the key and the remedy.
"""

from __future__ import annotations


class InspectorError(Exception):
    """Root of everything that Inspector raises on purpose."""

    exit_code = 3

    def __init__(self, problem: str, *, remedy: str = "") -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{problem}. {remedy}" if remedy else problem)


class InputError(InspectorError):
    """What the person gave cannot be used; the message says how to mend it."""

    exit_code = 2


class Cancelled(InspectorError):  # a wish, not an error
    """A person stopped the work; nothing of it remains."""

    exit_code = 130


class ConfigError(InputError):
    """A configuration file has a wrong key, value or unit."""


class ImageError(InputError):
    """A picture cannot be read, or its size or format cannot be used."""


class DatasetError(InputError):
    """A folder of pictures cannot be taught or evaluated."""


class BundleError(InputError):
    """A bundle or calibration is damaged, foreign, or newer than this program."""


class RefusedError(InputError):
    """A command is not legal in this state, or not allowed to this user."""


class FaultError(InspectorError):
    """A device, a disk or a program failed while it worked."""


class CameraError(FaultError):
    """The camera failed."""


class CameraTimeout(CameraError):
    """No frame came within the time that was asked; not a fault by itself."""


class CameraLost(CameraError):
    """The device was unplugged, lost its power or its network; it may come back."""


class FrameCorrupt(CameraError):
    """One frame arrived damaged; it counts as lost and its part is rejected."""

    def __init__(self, problem: str, *, trigger_count: int, remedy: str = "") -> None:
        super().__init__(problem, remedy=remedy)
        self.trigger_count = trigger_count


class CameraEnded(CameraError):
    """The source has no more frames."""


class EngineError(FaultError):
    """The engine could not be loaded, failed its self-test, or failed on a part."""


class PlcError(FaultError):
    """The PLC cannot be reached, or does not answer."""


class PlcLost(PlcError):
    """The PLC cannot be reached, or stands still; it may come back."""


class PlcAwaited(PlcError):
    """It connects to us, and has not yet, or not again; we go on listening."""


class LedgerError(FaultError):
    """The ledger cannot be written, or does not verify."""


class StorageError(FaultError):
    """The disk is full or a folder cannot be written."""


class LinkError(FaultError):
    """The station or the panel cannot be reached, or refuses the connection."""
