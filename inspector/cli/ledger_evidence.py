"""``inspector ledger picture, hold, release-hold, holds``: kept pictures, and what may not go."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from inspector.cli.desk import desk
from inspector.cli.options import LineOption
from inspector.core.errors import InputError
from inspector.core.record import RecordKind
from inspector.durable.files import write_atomically
from inspector.durable.images import encode_png
from inspector.ledger.chain import StoredRecord
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.evidence_index import HOLD, RELEASE
from inspector.ledger.export import utc_text
from inspector.ledger.ledger import evidence_folder, open_reader
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.link.messages import HoldEvidence, ReleaseHold, Signature
from inspector.station.devices import optics_of
from inspector.station.opening import data_folder_of, load_line
from inspector.station.part_pictures import part_overlays, part_pictures
from inspector.station.places import database_of, find_config

_ANSWER_S = 30.0

PartArgument = Annotated[int, typer.Argument(min=1, help="number of the part")]
UserOption = Annotated[str, typer.Option(help="who; the password is asked")]
ReasonOption = Annotated[str, typer.Option(help="why; it is kept for ever")]


def record_of(reader: LedgerReader, part_id: int) -> StoredRecord:
    """The inspection record of a part. Raises ``InputError``."""
    wanted = RecordFilter(kind=RecordKind.INSPECTION, part_id=part_id)
    found = reader.tail(1, wanted)
    if not found:
        raise InputError(f"part {part_id}: no record", remedy="See: inspector ledger list")
    return found[0]


def utc_us_of(text: str, option: str) -> int:
    """A day or a time of this PC's calendar, or with an offset, as UTC microseconds."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            f"{option} {text}: no time", remedy="Write 2026-11-01 or 2026-11-01T14:30"
        ) from error
    return round(moment.astimezone(UTC).timestamp() * 1e6)


def picture_command(
    part_id: PartArgument,
    out: Annotated[Path, typer.Argument(help="folder for the files")] = Path(),
    line: LineOption = None,
    overlay: Annotated[bool, typer.Option(help="the field, with heat and regions")] = False,
) -> None:
    """Write the kept pictures of a part as PNG, for a person: 8 bits, a file for each view.

    [bold]Examples[/bold]

        inspector ledger picture 4711 --overlay
    """
    config = load_line(line or find_config("line.yaml"))
    folder = data_folder_of(config)
    reader = open_reader(folder, config.station, database_of(config))
    try:
        record = record_of(reader, part_id)
        store = EvidenceStore(evidence_folder(folder))
        if overlay:
            pictures = part_overlays(record, store, folder, optics_of(config, folder))
        else:
            pictures = part_pictures(record, store)
    finally:
        reader.close()
    for view, picture in enumerate(pictures):
        path = out / f"part-{part_id}-view-{view}{'-overlay' if overlay else ''}.png"
        write_atomically(path, encode_png(picture))
        print(path)


def hold_command(  # noqa: PLR0917  # one parameter for each option
    part: Annotated[int | None, typer.Option(min=1, help="pictures of this part")] = None,
    lot: Annotated[str | None, typer.Option(help="pictures of this lot")] = None,
    since: Annotated[str, typer.Option(help="from this day or time on")] = "",
    until: Annotated[str, typer.Option(help="up to this day or time")] = "",
    reason: ReasonOption = "",
    user: UserOption = "",
    line: LineOption = None,
) -> None:
    """Keep pictures whatever their age, until the hold is released.

    Of several options all must agree. Its number is that of its record.

    [bold]Examples[/bold]

        inspector ledger hold --lot L2611 --reason "complaint 88" --user ann
        inspector ledger hold --since 2026-11-01 --until 2026-11-08 --reason audit --user ann
    """
    command = HoldEvidence(
        reason,
        part=part,
        lot=lot,
        since_us=utc_us_of(since, "--since") if since else None,
        until_us=utc_us_of(until, "--until") if until else None,
    )
    _give(command, user, line)


def release_hold_command(
    hold: Annotated[int, typer.Argument(min=1, help="number of the hold's record")],
    reason: ReasonOption = "",
    user: UserOption = "",
    line: LineOption = None,
) -> None:
    """End a hold: its pictures may go when their time has come.

    [bold]Examples[/bold]

        inspector ledger release-hold 4711 --reason "complaint 88 is settled" --user ann
    """
    _give(ReleaseHold(hold, reason), user, line)


def holds_command(line: LineOption = None) -> None:
    """List the holds that stand.

    [bold]Examples[/bold]

        inspector ledger holds
    """
    config = load_line(line or find_config("line.yaml"))
    reader = open_reader(data_folder_of(config), config.station, database_of(config))
    try:
        standing = _standing(reader)
    finally:
        reader.close()
    for record in standing.values():
        content = record.content
        what = [f"{key} {content[key]}" for key in ("part", "lot") if content.get(key) is not None]
        what += [
            f"{key} {utc_text(content[f'{key}_us'])}"
            for key in ("since", "until")
            if content.get(f"{key}_us") is not None
        ]
        told = f"{', '.join(what)}; {content['user']}: {content['reason']}"
        print(f"{record.sequence:>8}  {utc_text(record.utc_us)}  {told}")
    if not standing:
        print("nothing is held")


def _standing(reader: LedgerReader) -> dict[int, StoredRecord]:
    standing: dict[int, StoredRecord] = {}
    for record in reader.each(RecordFilter(kind=RecordKind.ACTION)):
        content = record.content
        if content.get("refused"):
            continue
        if content.get("action") == HOLD:
            standing[record.sequence] = record
        elif content.get("action") == RELEASE:
            standing.pop(content["hold"], None)
    return standing


def _give(command: HoldEvidence | ReleaseHold, user: str, line: Path | None) -> None:
    if not user:
        raise InputError("--user: is missing", remedy="Say who asks for it")
    config = load_line(line or find_config("line.yaml"))
    with desk(line, config.product) as station:
        password = station.log_in(user)
        if isinstance(command, ReleaseHold):
            command = ReleaseHold(command.hold, command.reason, (Signature(user, password),))
        station.client.call(command, _ANSWER_S)
    print("recorded; see: inspector ledger holds")
