"""A panel on another PC, which is this one: its folder, and the ports of a station."""

from __future__ import annotations

import socket
from pathlib import Path

import msgspec

from inspector.core.line_config import RemoteConfig
from inspector.link.binding import link_folder, load_or_create_keys
from inspector.link.doors import remote_addresses
from inspector.link.endpoint import OFFICE, STATION, Endpoint, endpoint_file
from inspector.link.keys import PANEL_FILE, SERVER_FILE, load_key_pair
from inspector.link.panel_keys import PanelKeys

HOST = "127.0.0.1"


def remote_config(*allow: str) -> RemoteConfig:
    """Four ports that are free in a row."""
    return RemoteConfig(address=HOST, port=_four_free(), allow=allow or (HOST,))


def _four_free() -> int:
    for first in range(21_000, 31_000, 4):
        try:
            for port in range(first, first + 4):
                with socket.socket() as probe:
                    probe.bind((HOST, port))
        except OSError:
            continue
        return first
    raise AssertionError("no free ports")


def remote_folder(
    folder: Path, station: Path, remote: RemoteConfig, name: str = "", coming_from: str = ""
) -> Path:
    """The folder of a panel with a key of its own, which is let in where it has a ``name``.

    Connections leave from the address ``coming_from``.
    """
    link = link_folder(folder)
    key = load_or_create_keys(link / PANEL_FILE)
    if name:
        PanelKeys(link_folder(station)).add(name, key.public.decode(), 0)
    server = load_key_pair(station / "link" / SERVER_FILE).public.decode()
    for whose in (STATION, OFFICE):
        requests, events = (
            address.replace("tcp://", f"tcp://{coming_from}:0;") if coming_from else address
            for address in remote_addresses(remote, whose)
        )
        endpoint = Endpoint(requests, events, server, "")
        endpoint_file(link, whose).write_bytes(msgspec.json.encode(endpoint))
    return folder
