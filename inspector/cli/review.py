"""``inspector review``: what people say of parts, what follows from it, and files to teach with."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, cast

import typer

from calibration.reviewed import ReviewCounts, propose
from inspector.cli.desk import office
from inspector.cli.ledger_evidence import record_of, utc_us_of
from inspector.cli.options import LineOption
from inspector.core.errors import InputError
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.export import utc_text
from inspector.ledger.ledger import evidence_folder, open_reader
from inspector.ledger.reader import LedgerReader
from inspector.ledger.reviews import agreement, all_reviews, review_counts, reviewed_parts, waiting
from inspector.link.messages import Judge, Mark
from inspector.station.opening import catalogue_of, data_folder_of, load_line
from inspector.station.places import database_of, find_config
from inspector.station.review_export import export_reviews

app = typer.Typer(help="Judge parts again: list, judge, counts, export.", no_args_is_help=True)

Finding = Literal["defect", "good", "unsure", "withdrawn"]
ProductOption = Annotated[str, typer.Option(help="product; default the line's")]


@app.command("list")
def list_command(
    line: LineOption = None,
    count: Annotated[int, typer.Option(min=1, help="of how many of the newest rejects")] = 100,
) -> None:
    """List rejects that nobody has judged, newest first."""
    with _reader(line) as reader:
        for one in waiting(reader, count):
            reasons = [c["explanation"] for c in one.content["checks"] if not c["passed"]]
            print(f"{one.part_id:>9}  {utc_text(one.utc_us)}  {one.cause}  {'; '.join(reasons)}")


@app.command("judge")
def judge_command(  # noqa: PLR0917  # one parameter for each option
    part: Annotated[int, typer.Argument(min=1, help="number of the part")],
    finding: Annotated[
        str, typer.Argument(help="defect, good (a false reject), unsure; withdrawn")
    ],
    user: Annotated[str, typer.Option(help="who judges; the password is asked")],
    defect: Annotated[str, typer.Option(help="class of the defect")] = "",
    mark: Annotated[
        list[str] | None,
        typer.Option(
            help="'x,y x,y': two corners of a box, or a polygon, in fractions 0..1 of "
            "the inspected field; may be given again"
        ),
    ] = None,
    view: Annotated[int, typer.Option(min=0, help="which camera's view the marks are in")] = 0,
    note: Annotated[str, typer.Option(help="anything else")] = "",
    line: LineOption = None,
) -> None:
    """Say what a part is. Saying it again corrects; all that was said stays in the ledger.

    [bold]Examples[/bold]

        inspector review judge 4711 good --user quy
        inspector review judge 4712 defect --defect scratch --mark "0.4,0.5 0.6,0.55" --user quy
    """
    if finding not in ("defect", "good", "unsure", "withdrawn"):
        raise InputError(f"{finding}: no finding", remedy="Give defect, good, unsure or withdrawn")
    marks = tuple(Mark(_corners(text), view) for text in mark or ())
    with _reader(line) as reader:
        record_of(reader, part)
    with office(line) as station:
        station.log_in(user)
        station.call(Judge(part, cast("Finding", finding), defect, marks, note))
    print(f"part {part}: {finding}")


@app.command("counts")
def counts_command(
    line: LineOption = None,
    product: ProductOption = "",
    since: Annotated[str, typer.Option(help="from this day or time on")] = "",
) -> None:
    """Say how many rejects people confirmed, and what that says of the calibration."""
    line_file = line or find_config("line.yaml")
    config = load_line(line_file)
    product = product or config.product
    recipe = catalogue_of(line_file, data_folder_of(config)).recipe(product)
    since_us = utc_us_of(since, "--since") if since else None
    with _reader(line) as reader:
        counts = review_counts(reader, product, since_us=since_us)
        people = agreement(all_reviews(reader))
    print("\n".join(_rows(counts)))
    if people is not None and people[1].value is not None:
        print(f"people       kappa {people[1].value:.2f} on {people[0]} parts that two judged")
    print(f"proposal     {propose(counts, recipe.decision.false_reject_rate).text}")


@app.command("export")
def export_command(
    folder: Annotated[Path, typer.Argument(help="folder to make; must not exist")],
    line: LineOption = None,
    product: ProductOption = "",
) -> None:
    """Write false rejects and missed defects for teach --add-good and --missed.

    [bold]Examples[/bold]

        inspector review export week-47
        cat week-47/teach.txt
    """
    config = load_line(line or find_config("line.yaml"))
    data_folder, product = data_folder_of(config), product or config.product
    with _reader(line) as reader:
        parts = reviewed_parts(reader, product)
        store = EvidenceStore(evidence_folder(data_folder))
        made = export_reviews(parts, store, data_folder, folder, product)
    print(
        f"{folder}: {made.good} good, {made.missed} missed, {made.defective} defective pictures; "
        f"what to do with them: {folder}/teach.txt"
    )
    for number, why in ((made.unmarked, "missed and not marked"), (made.gone, "without pictures")):
        if number:
            print(f"{number} left out: {why}")


@contextlib.contextmanager
def _reader(line: Path | None) -> Iterator[LedgerReader]:
    config = load_line(line or find_config("line.yaml"))
    reader = open_reader(data_folder_of(config), config.station, database_of(config))
    try:
        yield reader
    finally:
        reader.close()


def _corners(text: str) -> tuple[tuple[float, float], ...]:
    try:
        pairs = [tuple(float(number) for number in pair.split(",")) for pair in text.split()]
        return tuple((x, y) for x, y in pairs)
    except ValueError as error:
        raise InputError(f"--mark {text}: no mark", remedy="Write 0.4,0.5 0.6,0.55") from error


def _rows(counts: ReviewCounts) -> list[str]:
    said = f"{counts.true} true, {counts.false} false, {counts.unsure} unsure"
    return [
        f"parts        {counts.passed} passed, {counts.rejected} rejected as defective",
        f"judged       {counts.judged}: {said}",
        f"missed       {counts.missed} passed and found defective",
    ]
