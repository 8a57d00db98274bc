"""``inspector ledger head`` and ``rotate-key``, and what ``verify`` compares the ledger with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from inspector.cli.desk import Desk
from inspector.cli.options import LineOption
from inspector.core.errors import InputError, LedgerError
from inspector.core.line_config import LineConfig
from inspector.ledger.anchor import anchor_file
from inspector.ledger.clock_state import ClockState
from inspector.ledger.export import utc_text
from inspector.ledger.heads import SignedHead, grouped, ungrouped
from inspector.ledger.ledger import open_reader
from inspector.ledger.proof import proofs_of
from inspector.ledger.reader import LedgerReader
from inspector.ledger.segments import newest
from inspector.ledger.signatures import Proofs
from inspector.ledger.verify import VerifyReport
from inspector.link.messages import RotateKey
from inspector.station.key_rotation import open_key_office
from inspector.station.opening import anchor_folder, data_folder_of, load_line
from inspector.station.places import database_of, find_config

KeyOption = Annotated[list[str] | None, typer.Option(help="fingerprint of a key to trust")]
PrintedOption = Annotated[
    list[str] | None, typer.Option(help="fingerprint of a head, as a report has it")
]


def head_command(line: LineOption = None) -> None:
    """Show the newest signed head, to be printed and kept where nobody of this PC can reach it.

    [bold]Examples[/bold]

        inspector ledger head
    """
    config = _config(line)
    reader = open_reader(data_folder_of(config), config.station, database_of(config))
    try:
        head = newest(reader).head
    finally:
        reader.close()
    if head is None:
        raise LedgerError("nothing is signed yet", remedy="Start the station once")
    print("\n".join(head_lines(head)))


def rotate_key_command(
    reason: Annotated[str, typer.Option(help="why; it is recorded")],
    user: Annotated[str, typer.Option(help="administrator who signs it; the password is asked")],
    line: LineOption = None,
    lost: Annotated[
        bool, typer.Option("--lost", help="the old key is gone: nothing vouches for the new one")
    ] = False,
) -> None:
    """Sign with a new key from now on, as an administrator. The station must be stopped.

    [bold]Examples[/bold]

        inspector ledger rotate-key --reason "yearly change" --user administrator
    """
    line_file = line or find_config("line.yaml")
    config = load_line(line_file)
    with open_key_office(config) as office:
        desk = Desk(office.client, config, line_file, data_folder_of(config))
        signed = desk.log_in_to_sign(user, "")
        key = office.rotate(RotateKey(reason, lost, signed), by=user)
    print(f"station {config.station} signs with key {grouped(key)}")
    print("keep this fingerprint on paper, away from this PC")


def head_lines(head: SignedHead) -> list[str]:
    """A head in lines for paper."""
    said = head.head
    return [
        f"station      {said.station}",
        f"segment      {said.number}: records {said.first} to {said.last}",
        f"signed       {utc_text(said.utc_us)}, {_clock(said.clock)}",
        f"fingerprint  {head.fingerprint}",
        f"key          {grouped(said.key)}",
    ]


def known_proofs(
    line: Path | None, reader: LedgerReader, keys: list[str] | None, printed: list[str] | None
) -> tuple[Proofs, str]:
    """What the station knows and what was given; keys that are given go before the station's."""
    config = _config(line)
    proofs, anchored = proofs_of(reader, data_folder_of(config), anchor_folder(config.ledger))
    try:
        trusted = frozenset(ungrouped(key) for key in keys or ())
        heads = frozenset(ungrouped(text) for text in printed or ())
    except ValueError as error:
        raise InputError(str(error), remedy="Give it as it is printed") from error
    return replace(proofs, trusted=trusted or proofs.trusted, printed=heads), anchored


def anchors_of(line: Path | None, station: str) -> Path | None:
    """The file of anchored heads, where there is one."""
    folder = anchor_folder(_config(line).ledger)
    return None if folder is None else anchor_file(folder, station)


def signed_lines(report: VerifyReport) -> list[str]:
    """What of the ledger is signed, in words."""
    if report.key is None:
        return ["nothing is signed: whoever can write here can make all of it anew, unseen"]
    lines = [f"signed by key {grouped(report.key)} up to record {report.signed_to}"]
    if report.signed_from > 1:
        lines.append(f"records before {report.signed_from} were written before signing began")
    return lines


def _config(line: Path | None) -> LineConfig:
    return load_line(line or find_config("line.yaml"))


def _clock(state: ClockState) -> str:
    if state.synchronised is None:
        return "clock state unknown"
    if not state.synchronised:
        return "clock NOT synchronised"
    return f"clock synchronised, offset {state.offset_us or 0.0:.0f} us"
