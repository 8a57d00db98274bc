"""Names that others build on change only on purpose: here, and where they are documented."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from inspector.core import errors, ports
from inspector.core.state import StationState
from inspector.link import messages

ROOT = Path(__file__).parents[1]
PACKAGES = ("inspector", "engines", "calibration")

EXIT_CODES = {
    2: {
        *("InputError", "ConfigError", "ImageError", "DatasetError", "BundleError"),
        "RefusedError",
    },
    3: {
        *("InspectorError", "FaultError", "CameraError", "CameraTimeout", "FrameCorrupt"),
        *(
            "CameraEnded",
            "CameraLost",
            "EngineError",
            "PlcError",
            "PlcLost",
            "PlcAwaited",
            "LedgerError",
            "StorageError",
            "LinkError",
        ),
    },
    130: {"Cancelled"},
}
PORTS = {
    "Camera": {"name", "format", "open", "start", "grab", "stop", "close", "health"},
    "Engine": {"info", "infer", "close"},
    "Check": {"name", "judge"},
    "Plc": {
        *("open", "publish", "exposed", "set_status", "answer_recipe", "beat"),
        *("read_inputs", "close"),
    },
}
COMMANDS = {
    "Login": ("user", "password", "badge"),
    "Logout": (),
    "LockSession": (),
    "ResumeSession": ("user", "pin", "badge"),
    "SetPassword": ("old", "new"),
    "SetPin": ("password", "pin"),
    "AddUser": ("name", "role", "full_name"),
    "RemoveUser": ("name",),
    "SetRole": ("name", "role"),
    "ResetPassword": ("name",),
    "SetBadge": ("name", "badge"),
    "ListUsers": (),
    "NoteBackup": ("digest", "by", "pictures", "keys"),
    "NoteReport": ("report", "language", "files", "by", "since_us", "until_us", "lot"),
    "Recover": ("name", "proof"),
    "Judge": ("part", "finding", "defect", "marks", "note"),
    "Hello": ("version", "client", "remote"),
    "Present": ("untouched_s",),
    "AskControl": (),
    "GiveControl": (),
    "KeepControl": (),
    "TakeControl": (),
    "AddPanel": ("name", "key"),
    "RemovePanel": ("name",),
    "ListPanels": (),
    "Start": (),
    "StartSingle": (),
    "Stop": (),
    "Abort": (),
    "Halt": (),
    "SelectAutomatic": (),
    "Reset": (),
    "SelectProduct": ("product",),
    "Acknowledge": ("alarm",),
    "CallEngineer": (),
    "AnnounceMasters": ("names",),
    "AddMaster": ("product", "name", "good", "check", "place", "picture", "reason", "signatures"),
    "RemoveMaster": ("product", "name", "reason", "signatures"),
    "Release": ("product", "reason", "backtest", "signatures"),
    "Withdraw": ("product", "reason", "signatures"),
    "ChangeThreshold": (
        "product",
        "reason",
        "before",
        "threshold",
        "false_reject_rate",
        "calibration",
        "signatures",
    ),
    "ChangeLight": ("product", "reason", "camera", "settings", "signatures"),
    "KeepCorrection": ("camera", "correction", "hash"),
    "ProposeRate": ("product", "rate", "reason", "basis"),
    "TakeUpDraft": ("draft", "product", "rate", "reason", "signatures"),
    "DiscardDraft": ("draft", "product", "reason"),
    "OverrideLimits": ("product", "reason", "signatures"),
    "Bypass": ("on", "reason", "signatures"),
    "HandOver": ("to",),
    "HoldEvidence": ("reason", "part", "lot", "since_us", "until_us"),
    "ReleaseHold": ("hold", "reason", "signatures"),
    "RotateKey": ("reason", "lost", "signatures"),
    "GetStatus": (),
    "GetSignals": (),
    "GetDetails": (),
    "BeginTest": ("reason", "signatures"),
    "EndTest": (),
    "ForceOutput": ("output", "on", "seconds", "connection"),
    "ListProducts": (),
}


def test_every_error_has_its_exit_code() -> None:
    found: dict[int, set[str]] = {code: set() for code in EXIT_CODES}
    for name, value in vars(errors).items():
        if isinstance(value, type) and issubclass(value, errors.InspectorError):
            found[value.exit_code].add(name)
    assert found == EXIT_CODES


@pytest.mark.parametrize("port", PORTS)
def test_ports_ask_for_no_more_than_they_say(port: str) -> None:
    members = {name for name in vars(getattr(ports, port)) if not name.startswith("_")}
    assert members == PORTS[port]


def test_commands_keep_their_form() -> None:
    """A change here is a change of the protocol: raise ``PROTOCOL_VERSION`` with it."""
    found = {command.__name__: command for command in messages.Command.__subclasses__()}
    assert {name: command.__struct_fields__ for name, command in found.items()} == COMMANDS


def test_a_command_is_known_by_its_name_on_the_wire() -> None:
    wire = msgspec.msgpack.encode(messages.Request(1, messages.Start(), "t"))
    assert msgspec.msgpack.decode(wire) == {"id": 1, "command": {"type": "Start"}, "token": "t"}


def test_states_keep_their_names() -> None:
    assert [state.value for state in StationState] == [
        *("preoperational", "halted", "error", "initialized", "ready"),
        *("single-execution", "continuous-execution"),
    ]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_of_sources_is_a_package(package: str) -> None:
    for path in (ROOT / package).rglob("*.py"):
        assert (path.parent / "__init__.py").exists(), f"{path.parent} would not be installed"


def test_every_folder_of_tests_is_a_package() -> None:
    for path in (ROOT / "tests").rglob("test_*.py"):
        assert (path.parent / "__init__.py").exists(), path.parent


def test_sources_are_free_of_pickle() -> None:
    """A bundle or a message must never be able to run code."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert "import pickle" not in text, path
            assert "allow_pickle=True" not in text, path
