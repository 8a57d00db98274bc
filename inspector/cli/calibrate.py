"""``inspector calibrate``."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inspector.cli.desk import office
from inspector.cli.options import LineOption, SecondOption, bundle_path, teaching_progress
from inspector.cli.promise import promise_rows
from inspector.core.errors import InputError
from inspector.durable.files import write_atomically
from inspector.link.messages import ChangeThreshold
from inspector.station.devices import optics_of
from inspector.station.opening import catalogue_of, data_folder_of, load_line
from inspector.station.places import find_config

if TYPE_CHECKING:
    from calibration.operating import Share
    from inspector.teaching.outcome import Calibrated


def calibrate_command(  # noqa: PLR0917  # one parameter for each option
    bundle: Annotated[Path, typer.Argument(help="bundle folder, or the name of a taught product")],
    dataset: Annotated[
        str,
        typer.Argument(
            help="good images that were not taught: a folder, or MVTec layout, whose test images "
            "measure; stored: those held out when it was taught"
        ),
    ] = "stored",
    false_reject: Annotated[
        float | None,
        typer.Option(help="share of good parts that may be rejected; default the recipe's"),
    ] = None,
    keep: Annotated[
        bool,
        typer.Option("--keep", help="add the images to the stored ones, and calibrate with all"),
    ] = False,
    json_out: Annotated[Path | None, typer.Option("--json", help="write the figures here")] = None,
    report: Annotated[Path | None, typer.Option(help="write a report here, one HTML file")] = None,
    user: Annotated[
        str, typer.Option(help="engineer who changes the threshold; the password is asked")
    ] = "",
    reason: Annotated[str, typer.Option(help="why; recorded with --user")] = "",
    second: SecondOption = "",
    line: LineOption = None,
) -> None:
    """Threshold a taught bundle on good images, for the line's runtime; say what that proves.

    [bold]Examples[/bold]

        inspector calibrate washer
        inspector calibrate washer photos/tuesday --keep --report washer.html
        inspector calibrate bottle.bundle mvtec/bottle --false-reject 0.01 --json bottle.json
    """
    from inspector.teaching.calibrating import calibrate_bundle, untaught  # noqa: PLC0415  # slow
    from inspector.teaching.report.page import page_of  # noqa: PLC0415  # slow to load

    if false_reject is not None and not 0.0 < false_reject < 1.0:
        raise InputError(
            f"--false-reject {false_reject}: not a share", remedy="Give such as 0.01 for 1 %"
        )
    line_file = line or find_config("line.yaml")
    config = load_line(line_file)
    data_folder = data_folder_of(config)
    catalogue, optics = catalogue_of(line_file, data_folder), optics_of(config, data_folder)
    path = untaught(bundle.name, catalogue, data_folder, optics) if len(bundle.parts) == 1 else None
    with teaching_progress() as show:
        made = calibrate_bundle(
            path or bundle_path(bundle, data_folder),
            dataset,
            data_folder,
            config.runtime,
            catalogue,
            false_reject_rate=false_reject,
            keep=keep,
            pictures=report is not None,
            optics=optics,
            progress=show,
        )
    # What can fail goes first: a calibration that is in place was told of.
    if json_out is not None:
        figures = json.dumps(made.to_json(), indent=2, allow_nan=False)
        write_atomically(json_out, f"{figures}\n".encode())
    if report is not None:
        write_atomically(report, page_of(made, datetime.now(UTC)))
    if made.applies:
        if user or config.access.signatures.threshold:
            _sign(made, user, reason, second, line_file)
        made.adopt()
    for row in rows_of(made):
        print(row)
    if report is not None:
        print(f"report       {report}")


def _sign(made: Calibrated, user: str, reason: str, second: str, line: Path) -> None:
    """Have the change authorised and recorded. Raises ``InputError``."""
    if not user or not reason:
        raise InputError(
            "the line's file wants a signature for another threshold",
            remedy="Say who and why: --user NAME --reason WORDS",
        )
    calibration = made.calibration
    with office(line) as station:
        command = ChangeThreshold(
            product=made.recipe.product,
            reason=reason,
            before=None if made.previous is None else made.previous.threshold,
            threshold=calibration.threshold,
            false_reject_rate=calibration.promised,
            calibration=calibration.hash,
            signatures=station.log_in_to_sign(user, second),
        )
        station.call(command)


def rows_of(made: Calibrated) -> list[str]:
    """What was found, a line each."""
    from inspector.teaching.report.page import notes_of  # noqa: PLC0415  # slow to load

    calibration = made.calibration
    word = "was" if made.applies else "in force is"
    before = "" if made.previous is None else f", {word} {made.previous.threshold:.4f}"
    rows = [
        f"calibration  {made.file if made.applies else 'not written'}",
        f"images       {calibration.images} good ones, on {made.runtime.label}",
        f"threshold    {calibration.threshold:.4f}{before}",
    ]
    if len(calibration.checks) > 1:
        rows += [
            f"  {check.name:<10} {check.threshold:.4f}, {above} of {calibration.images} exceed it"
            for check, (above, _) in zip(calibration.checks, made.spent, strict=True)
        ]
    rows += promise_rows(calibration)
    return [*rows, *_measured(made), *(f"note         {note}" for note in notes_of(made))]


def _measured(made: Calibrated) -> list[str]:
    """What labelled images say."""
    rows = []
    if made.false_rejects is not None:
        rows.append(f"rejected     {_words(made.false_rejects)} good images that it never saw")
    if made.escapes is None:
        return rows
    rows.append(f"escapes      {_words(made.escapes)} defective images")
    rows.append(f"AUROC        {made.auroc:.4f}")
    alternatives = (
        f"  {one.cost_ratio:3g} : 1    {one.threshold:.4f} would reject "
        f"{_words(one.false_rejects)} good, miss {_words(one.escapes)}"
        for one in made.alternatives
    )
    return [
        *rows,
        "told only    cheapest if an escape costs so many false rejects (as many bad as good):",
        *alternatives,
    ]


def _words(share: Share) -> str:
    return f"{share.events} of {share.images} ({100 * share.low:.1f} to {100 * share.high:.1f} %)"
