"""``inspector backup``: all that the station knows in one file, while it runs."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from inspector.backup.archive import Kept
from inspector.cli.desk import ask_secret, office
from inspector.cli.options import LineOption
from inspector.cli.priority import give_way
from inspector.core.errors import InputError, InspectorError
from inspector.link.messages import NoteBackup
from inspector.station.opening import data_folder_of, load_line
from inspector.station.places import database_of, find_config

_DUMP = """\
The records are in {address}, not in this backup. Back them up there, where the server runs:
    pg_dump --format=custom --file=ledger.dump "{address}"
and bring them back with pg_restore before a restored station starts."""


def backup_command(
    out: Annotated[Path, typer.Argument(help="file to make, NAME.tar.zst; must not exist")],
    line: LineOption = None,
    evidence: Annotated[
        str, typer.Option(help="pictures: all, rejects (none of passes), or none")
    ] = "all",
    datasets: Annotated[bool, typer.Option(help="images of teaching as well")] = True,
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="private keys too, under a passphrase")
    ] = False,
) -> None:
    """Save configuration, products, people, records and pictures in one file; the line may run.

    Without --with-keys a restored station has to sign with a new key.

    [bold]Examples[/bold]

        inspector backup /mnt/usb/station-1.tar.zst
        inspector backup /mnt/usb/station-1.tar.zst --evidence rejects --with-keys
    """
    from inspector.backup.making import Wish, back_up  # noqa: PLC0415  # the codecs take time

    give_way()
    line_file = line or find_config("line.yaml")
    config = load_line(line_file)
    database = database_of(config)
    wish = Wish(
        station=config.station,
        data_folder=data_folder_of(config),
        line_file=line_file,
        database=database,
        evidence=_kept(evidence),
        datasets=datasets,
        passphrase=new_passphrase() if with_keys else None,
    )
    made = back_up(wish, out)
    manifest = made.sealed.manifest
    print(f"{made.path}: {len(manifest.files)} files, {made.bytes / 2**20:.1f} MiB, whole")
    print(f"digest {made.sealed.digest}")
    if manifest.missing:
        print(f"{len(manifest.missing)} pictures that records name were missing already")
    if not with_keys:
        print("private keys are not in it (--with-keys)")
    if database is not None:
        print(_DUMP.format(address=database))
    _record(line, made.sealed.digest, evidence, keys=with_keys)


def _kept(given: str) -> Kept:
    for kept in ("all", "rejects", "none"):
        if given == kept:
            return kept
    raise InputError(f"--evidence {given}: unknown", remedy="Give all, rejects or none")


def new_passphrase() -> str:
    """Asked for twice at a terminal."""
    first = ask_secret("Passphrase of the keys: ")
    if sys.stdin.isatty() and ask_secret("Again: ") != first:
        raise InputError("the two passphrases differ", remedy="Start again")
    return first


def _record(line: Path | None, digest: str, evidence: str, *, keys: bool) -> None:
    try:
        with office(line) as station:
            station.call(NoteBackup(digest, getpass.getuser(), evidence, keys))
    except InspectorError as error:
        print(f"inspector: the backup is whole, but not recorded: {error}", file=sys.stderr)
        raise typer.Exit(3) from error
