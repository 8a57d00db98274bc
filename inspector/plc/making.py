"""From a PLC's entry in the line's file to a fieldbus; libraries are imported here, not before."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from inspector.core.errors import ConfigError
from inspector.core.plc_config import BusConfig
from inspector.plc.fieldbus import Fieldbus

_MODULES = {
    "modbus-client": "modbus_client",
    "modbus-server": "modbus_server",
    "s7": "s7",
    "opcua-server": "opcua_server",
    "opcua-client": "opcua_client",
    "mqtt": "mqtt",
    "serial": "serial_relay",
}


def make_fieldbus(config: BusConfig) -> Fieldbus:
    """The protocol's fieldbus, not open yet. Raises ``ConfigError`` when a library is missing."""
    try:
        module = import_module(f"inspector.plc.buses.{_MODULES[config.driver]}")
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"plc: driver {config.driver} needs the Python package {error.name}",
            remedy="Install Inspector with its extra plc: pip install inspector-line[plc]",
        ) from error
    return cast("Fieldbus", module.make(config))
