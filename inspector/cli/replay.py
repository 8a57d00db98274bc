"""``inspector replay``: archived parts judged again by what judged them then."""

from __future__ import annotations

import contextlib
import time
from typing import Annotated

import typer

from inspector.cli.ledger_evidence import record_of, utc_us_of
from inspector.cli.options import LineOption, teaching_progress
from inspector.core.errors import FaultError, InputError
from inspector.core.record import RecordKind
from inspector.ledger.chain import StoredRecord
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.kept import views_of
from inspector.ledger.ledger import evidence_folder, open_reader
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.station.devices import optics_of
from inspector.station.opening import data_folder_of, load_line
from inspector.station.places import database_of, find_config
from inspector.station.rejudging import Replay, Replayer

_MOST_TOLD = 20


def replay_command(
    part_id: Annotated[int | None, typer.Argument(min=1, help="number of the part")] = None,
    line: LineOption = None,
    all_: Annotated[bool, typer.Option("--all", help="every part whose pictures are kept")] = False,
    since: Annotated[str, typer.Option(help="with --all: from this day or time on")] = "",
    until: Annotated[str, typer.Option(help="with --all: up to this day or time")] = "",
) -> None:
    """Judge archived parts again: same preparation, bundle and calibration, same scores?

    Equal bit for bit where runtime, processor and libraries are the same as then; elsewhere within
    the tolerance of the runtime, which is said. Ends with code 3 where a verdict does not hold.

    [bold]Examples[/bold]

        inspector replay 4711
        inspector replay --all --since 2026-11-01
    """
    if (part_id is None) != all_:
        raise InputError("one part or all", remedy="Give PART_ID, or --all")
    config = load_line(line or find_config("line.yaml"))
    folder = data_folder_of(config)
    store = EvidenceStore(evidence_folder(folder))
    with (
        contextlib.closing(open_reader(folder, config.station, database_of(config))) as reader,
        contextlib.closing(Replayer(folder, config.runtime, optics_of(config, folder))) as replayer,
    ):
        if part_id is not None:
            _one(replayer.replay(record_of(reader, part_id), store))
            return
        wanted = RecordFilter(
            RecordKind.INSPECTION,
            since_us=utc_us_of(since, "--since") if since else None,
            until_us=utc_us_of(until, "--until") if until else None,
        )
        _all(replayer, reader, store, wanted)


def _one(found: Replay) -> None:
    print(in_words(found))
    for other in found.other:
        print(f"  not as then: {other}")
    if not found.proven:
        raise FaultError(
            f"part {found.part_id}: the recorded verdict does not hold",
            remedy="Keep the data folder as it is and tell the quality department",
        )


def in_words(found: Replay) -> str:
    """One part in a line."""
    if found.identical:
        words = "the same, bit for bit"
    else:
        place = "within" if found.within else "beyond"
        words = f"scores differ by {found.difference:.3g}, {place} the tolerance"
    if found.flipped:
        words += "; ANOTHER VERDICT"
    where = "on another runtime" if found.other else "on an equal runtime"
    return f"part {found.part_id}: {found.scores} scores {where}: {words}"


def _all(
    replayer: Replayer, reader: LedgerReader, store: EvidenceStore, wanted: RecordFilter
) -> None:
    total, seen, left_out = reader.count(wanted), 0, 0
    found: list[Replay] = []
    started = time.perf_counter()
    with teaching_progress() as show:
        for record in reader.each(wanted):
            seen += 1
            show("replay", seen / max(total, 1))
            if not _replayable(record, store):
                left_out += 1
                continue
            found.append(replayer.replay(record, store))
    seconds = time.perf_counter() - started
    failed = [one for one in found if not one.proven]
    for one in failed[:_MOST_TOLD]:
        print(in_words(one))
    for other in sorted({words for one in found for words in one.other}):
        print(f"not as then: {other}")
    rate = len(found) / max(seconds, 1e-9)
    print(
        f"{len(found)} parts replayed, {sum(one.identical for one in found)} bit for bit, "
        f"{sum(one.flipped for one in found)} flips, {rate:.0f} parts/s; "
        f"{left_out} without pictures or never judged"
    )
    if failed:
        raise FaultError(
            f"{len(failed)} recorded verdicts do not hold",
            remedy="Keep the data folder as it is and tell the quality department",
        )


def _replayable(record: StoredRecord, store: EvidenceStore) -> bool:
    if b'"digest"' not in record.payload:
        return False
    content = record.content
    views = views_of(content, store)
    return bool(content["checks"] and views) and all(view.path.is_file() for view in views)
