"""``inspector restore``: a backup into a new data folder."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from inspector.cli.desk import ask_secret


def restore_command(
    file: Annotated[Path, typer.Argument(help="a file that inspector backup made")],
    data_folder: Annotated[Path, typer.Option(help="folder to make; must not exist or be empty")],
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="its private keys too; asks their passphrase")
    ] = False,
    last_part: Annotated[
        int | None,
        typer.Option(min=1, help="the last part number that the station gave, where it is known"),
    ] = None,
) -> None:
    """Check a backup file by file and bring it back; the station starts from it afterwards.

    [bold]Examples[/bold]

        inspector restore station-1.tar.zst --data-folder /var/lib/inspector --with-keys
    """
    from inspector.backup.contents import CONFIGURATION  # noqa: PLC0415  # the codecs take time
    from inspector.backup.restoring import Return, restore  # noqa: PLC0415

    passphrase = ask_secret("Passphrase of the keys: ") if with_keys else None
    wish = Return(data_folder.expanduser().resolve(), getpass.getuser(), passphrase, last_part)
    done = restore(file, wish)
    manifest = done.sealed.manifest
    print(f"{wish.data_folder}: {len(manifest.files)} files, as they were backed up")
    if done.left_out:
        print(f"{done.left_out} pictures are not in the backup; the ledger tells so")
    print(f"the line's file and its recipes: {wish.data_folder / CONFIGURATION}")
    if manifest.about.database:
        print(f"the records are in {manifest.about.database}: bring them back with pg_restore")
    if not done.has_key:
        print("no private key came back: inspector ledger rotate-key --lost --reason restored")
    print("check it: inspector ledger verify")
