"""Judging the archive again with a candidate: in parts that are kept, so that it can go on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from inspector.core.canonical import Json, hash_of
from inspector.core.deciding import DecidingTuple
from inspector.core.errors import DatasetError
from inspector.core.frame import FrameFormat
from inspector.core.line_config import LineConfig
from inspector.core.recipe import Recipe
from inspector.core.record import RecordKind
from inspector.durable.files import write_atomically
from inspector.durable.yaml_files import dump_yaml
from inspector.ledger.chain import StoredRecord
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.kept import KeptView, views_of
from inspector.ledger.ledger import evidence_folder, open_reader
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.reviews import all_reviews
from inspector.release.archive_backtest import (
    ArchiveBacktest,
    Archived,
    Rejudged,
    make_archive_backtest,
)
from inspector.station.devices import optics_of
from inspector.station.judging import Judging, load_judging
from inspector.station.part_judge import PartJudge
from inspector.station.places import database_of

_CHUNK = 64
_JUDGED = ("good", "defect")
_GOOD = {"good": True, "defect": False}
"""What a person found means; unsure says nothing."""

Chunk = list[int]
Spread = Callable[["Candidate", list[tuple[int, Chunk]]], Iterator[tuple[int, list[Rejudged]]]]
"""Judges numbered chunks of records with a candidate, in any order."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is tried, and where; travels to other processes, which must see the same folder."""

    config: LineConfig
    data_folder: Path
    recipe: Recipe
    bundle: Path | None = None


class Bench:
    """A candidate that is loaded, and the archive. One thread; close it."""

    def __init__(self, candidate: Candidate) -> None:
        config, folder = candidate.config, candidate.data_folder
        self.candidate = candidate
        self.reader = open_reader(folder, config.station, database_of(config))
        self.evidence = EvidenceStore(evidence_folder(folder))
        self._judging: tuple[Judging, PartJudge] | None = None

    def close(self) -> None:
        """Free engine and database."""
        self.reader.close()
        if self._judging is not None:
            self._judging[1].close()

    def judge(self, chunk: Chunk) -> list[Rejudged]:
        """These records' parts; those whose pictures are gone are left out."""
        return [made for sequence in chunk if (made := self._judge(sequence)) is not None]

    def views(self, sequence: int) -> tuple[KeptView, ...]:
        """A part's pictures; empty when one is gone."""
        record = self.reader.record(sequence)
        views = views_of(record.content, self.evidence) if record else ()
        return views if all(view.path.is_file() for view in views) else ()

    def loaded(self, view: KeptView) -> tuple[Judging, PartJudge]:
        """The candidate, loaded for pictures like this one at the first time."""
        if self._judging is None:
            candidate = self.candidate
            optics = optics_of(candidate.config, candidate.data_folder)
            judging = load_judging(
                candidate.recipe,
                candidate.data_folder,
                candidate.config.runtime,
                FrameFormat(view.width, view.height, view.format),
                optics=optics,
                production=False,
                bundle=candidate.bundle,
            )
            spec = candidate.recipe.preparation
            self._judging = (
                judging,
                PartJudge(
                    spec,
                    optics.corrections(spec),
                    judging.reference,
                    judging.engine,
                    judging.judge.checks,
                ),
            )
        return self._judging

    def _judge(self, sequence: int) -> Rejudged | None:
        views = self.views(sequence)
        if not views:
            return None
        judgement = self.loaded(views[0])[1].judge(views)
        worst = judgement.worst
        assert worst is not None  # a recipe has at least one check
        record = self.reader.record(sequence)
        return Rejudged(
            sequence=sequence,
            part_id=(record.part_id if record else None) or 0,
            passed=judgement.passed,
            check=worst.check,
            score=float(worst.score),
            threshold=worst.threshold,
        )


def here(
    candidate: Candidate, chunks: list[tuple[int, Chunk]]
) -> Iterator[tuple[int, list[Rejudged]]]:
    """In this process, one after the other."""
    with closing(Bench(candidate)) as bench:
        for number, chunk in chunks:
            yield number, bench.judge(chunk)


def backtest_archive(
    candidate: Candidate,
    *,
    since_us: int | None = None,
    until_us: int | None = None,
    spread: Spread = here,
    progress: Callable[[float], None] = lambda share: None,
) -> tuple[ArchiveBacktest, Path]:
    """Judge every archived part of the product whose pictures are there, and compare.

    What is done is kept in ``backtests/`` of the data folder: one that was interrupted goes on
    where it was, on the records that it began with. Returns the result and its folder. Raises
    ``DatasetError`` without parts, and what loading raises.
    """
    with closing(Bench(candidate)) as bench:
        archive = list(_archive(bench.reader, bench.evidence, candidate.recipe, since_us, until_us))
        kept = [one.sequence for one in archive if one.kept]
        if not kept:
            raise DatasetError(
                f"{candidate.recipe.product}: no pictures of parts were kept in this time",
                remedy="Name another time, or keep more: evidence.pass_share in the recipe",
            )
        deciding = bench.loaded(bench.views(kept[0])[0])[0].deciding
    work = _Work(candidate.data_folder, deciding, since_us, until_us)
    work.begin(kept, last=archive[-1].sequence)
    missing = work.missing()
    for done, (number, rejudged) in enumerate(spread(candidate, missing), start=1):
        work.keep(number, rejudged)
        progress(1 - (len(missing) - done) / work.chunks)
    last = work.last
    made = make_archive_backtest(
        [one for one in archive if one.sequence <= last],
        {one.sequence: one for one in work.rejudged()},
        product=candidate.recipe.product,
        deciding=deciding,
        since_us=since_us,
        until_us=until_us,
        last=last,
    )
    work.end(made)
    return made, work.folder


def _archive(
    reader: LedgerReader,
    evidence: EvidenceStore,
    recipe: Recipe,
    since_us: int | None,
    until_us: int | None,
) -> Iterator[Archived]:
    """Parts of the product that were judged, without limit samples."""
    said = _said(reader)
    wanted = RecordFilter(RecordKind.INSPECTION, since_us=since_us, until_us=until_us)
    for record in reader.each(wanted):
        content = record.content
        if (
            content["product"] == recipe.product
            and not content.get("master")
            and content["cause"] in _JUDGED
        ):
            yield _archived(record, evidence, said)


def _archived(
    record: StoredRecord, evidence: EvidenceStore, said: dict[int, bool | None]
) -> Archived:
    content = record.content
    views = views_of(content, evidence)
    keeping = content.get("keeping")
    return Archived(
        sequence=record.sequence,
        part_id=record.part_id or 0,
        passed=record.outcome == "pass",
        share=keeping["share"] if keeping else None,
        good=said.get(record.part_id or 0),
        kept=bool(views) and all(view.path.is_file() for view in views),
    )


def _said(reader: LedgerReader) -> dict[int, bool | None]:
    """What people said of parts; the last word counts."""
    last_words = {part: reviews[-1].finding for part, reviews in all_reviews(reader).items()}
    return {part: _GOOD.get(finding) for part, finding in last_words.items()}


class _Work:
    """A backtest under way, in a folder of its own."""

    def __init__(
        self,
        data_folder: Path,
        deciding: DecidingTuple,
        since_us: int | None,
        until_us: int | None,
    ) -> None:
        what: dict[str, Json] = {
            "deciding": deciding.model_dump(mode="json"),
            "since_us": since_us,
            "until_us": until_us,
        }
        self.folder = data_folder / "backtests" / hash_of(what)[:16]
        self._plan: list[Chunk] = []
        self.last = 0

    @property
    def chunks(self) -> int:
        return len(self._plan)

    def begin(self, sequences: list[int], last: int) -> None:
        """Take up what was interrupted; else these records."""
        plan = self.folder / "plan.json"
        if not plan.exists() or (self.folder / "result.yaml").exists():
            if self.folder.exists():
                shutil.rmtree(self.folder)
            chunks = [sequences[at : at + _CHUNK] for at in range(0, len(sequences), _CHUNK)]
            write_atomically(plan, json.dumps({"last": last, "chunks": chunks}).encode())
        content = json.loads(plan.read_text(encoding="utf-8"))
        self._plan, self.last = content["chunks"], content["last"]

    def missing(self) -> list[tuple[int, Chunk]]:
        """Chunks that are not judged yet."""
        return [
            (number, chunk)
            for number, chunk in enumerate(self._plan)
            if not self._file(number).exists()
        ]

    def keep(self, number: int, rejudged: Iterable[Rejudged]) -> None:
        """A chunk is judged."""
        content = [one.model_dump(mode="json") for one in rejudged]
        write_atomically(self._file(number), json.dumps(content).encode())

    def rejudged(self) -> Iterator[Rejudged]:
        """All that was judged, in the order of the records."""
        for number in range(len(self._plan)):
            for one in json.loads(self._file(number).read_text(encoding="utf-8")):
                yield Rejudged.model_validate(one)

    def end(self, made: ArchiveBacktest) -> None:
        """The result; its chunks are not needed any more."""
        write_atomically(self.folder / "result.yaml", dump_yaml(made))
        for number in range(len(self._plan)):
            self._file(number).unlink()

    def _file(self, number: int) -> Path:
        return self.folder / f"chunk-{number:06d}.json"
