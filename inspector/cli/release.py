"""``inspector release``: let a product run in production, or end that."""

from __future__ import annotations

from typing import Annotated

import typer

from inspector.cli.desk import Desk, desk
from inspector.cli.options import LineOption, SecondOption, teaching_progress
from inspector.core.errors import InputError, RefusedError
from inspector.link.messages import Release, Withdraw
from inspector.release.releases import Entry, Releases, Validation, Withdrawal
from inspector.station.backtesting import backtest
from inspector.station.opening import catalogue_of, data_folder_of, load_line
from inspector.station.places import find_config

_ANSWER_S = 30.0


def release_command(  # noqa: PLR0917  # one parameter for each option
    product: Annotated[str, typer.Argument(help="product, as it is loaded on the station")],
    reason: Annotated[str, typer.Option(help="why; it is kept for ever")] = "",
    user: Annotated[
        str, typer.Option(help="engineer, quality or administrator; the password is asked")
    ] = "",
    list_: Annotated[bool, typer.Option("--list", help="show all releases; no log-in")] = False,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="end the active release")] = False,
    with_backtest: Annotated[
        bool, typer.Option("--backtest", help="first try it on the stored labelled images")
    ] = False,
    second: SecondOption = "",
    line: LineOption = None,
) -> None:
    """Release what the station has loaded for production, after its limit samples were shown.

    [bold]Examples[/bold]

        inspector release bracket --reason "threshold from 300 images" --user ann --backtest
        inspector release bracket --list
        inspector release bracket --withdraw --reason "lamp exchanged" --user ann
    """
    if list_:
        folder = data_folder_of(load_line(line or find_config("line.yaml")))
        print("\n".join(listing(Releases(folder, product))))
        return
    if not reason or not user:
        missing = "--user" if reason else "--reason"
        raise InputError(f"{missing}: is missing", remedy="Say who releases, and why")
    with desk(line, product) as station:
        signatures = station.log_in_to_sign(user, second)
        if withdraw:
            station.client.call(Withdraw(product, reason, signatures), _ANSWER_S)
        else:
            digest = _backtest(station, product) if with_backtest else ""
            station.client.call(Release(product, reason, digest, signatures), _ANSWER_S)
        print("\n".join(in_words(Releases(station.data_folder, product).entries[-1])))


def _backtest(station: Desk, product: str) -> str:
    if station.running:
        raise RefusedError("the line runs", remedy="Stop it: a backtest would slow it down")
    recipe = catalogue_of(station.line_file, station.data_folder).recipe(product)
    with teaching_progress() as show:
        made = backtest(
            station.config, station.data_folder, recipe, lambda share: show("backtest", share)
        )
    return made.hash


def listing(chain: Releases) -> list[str]:
    """Every entry in a line, and which one is active."""
    if not chain.entries:
        return [f"{chain.product}: never released"]
    active = chain.active
    return [
        f"{entry.number:>4}  {entry.utc:%Y-%m-%d %H:%M} UTC  {entry.user} ({entry.role})  "
        f"{_kind(entry)}{'  [active]' if entry is active else ''}  {entry.reason}"
        for entry in chain.entries
    ]


def in_words(entry: Entry) -> list[str]:
    """One entry in full, for people."""
    who = f"{entry.user} ({entry.role})"
    lines = [
        f"{entry.product}: entry {entry.number}, {_kind(entry)}, {who}: {entry.reason}",
        f"hash         {entry.hash}",
    ]
    if isinstance(entry, Withdrawal):
        return lines
    lines += [f"changed      {change}" for change in (*entry.changed, *entry.recipe_changes)]
    return lines + _validation(entry.validation)


def _kind(entry: Entry) -> str:
    return f"withdraws {entry.withdraws}" if isinstance(entry, Withdrawal) else "release"


def _validation(validation: Validation) -> list[str]:
    made, limits, tried = validation.calibration, validation.limits, validation.backtest
    how = "extrapolated by a tail model" if made.extrapolated else "not extrapolated"
    pictures = ", from pictures" if limits.from_pictures else ""
    rates = f"{made.promised:.2%} promised, at most {made.bound95:.2%} at 95 %"
    lines = [
        f"calibration  {made.images} good images, {rates}; {how}",
        f"limits       {limits.masters} masters judged as they should be{pictures}",
    ]
    if tried is not None:
        lines.append(
            f"backtest     {tried.good_rejected} of {tried.good} good rejected, "
            f"{tried.defective_passed} of {tried.defective} defective passed; {tried.changed} of "
            f"{tried.compared} verdicts changed"
        )
    return lines
