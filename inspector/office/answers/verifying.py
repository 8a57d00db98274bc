"""The job that walks the whole ledger."""

from __future__ import annotations

from functools import partial

from inspector.ledger.proof import proofs_of
from inspector.ledger.verify import verify
from inspector.link.questions.jobs import Verified, VerifyLedger
from inspector.office.jobs import Job, JobKind, JobKinds
from inspector.office.room import Room
from inspector.station.opening import anchor_folder


def verify_ledger(question: VerifyLedger, room: Room, job: Job) -> Verified:
    """Every record, and every picture where asked; as ``inspector ledger verify``."""
    reader = room.ledger
    proofs, _ = proofs_of(reader, room.data_folder, anchor_folder(room.config.ledger))
    evidence = room.evidence if question.evidence else None
    report = verify(reader, evidence, proofs, partial(job.progress, "records"))
    return Verified(
        station=report.station,
        records=report.records,
        pictures=report.evidence,
        findings=tuple((one.sequence, one.problem) for one in report.findings),
        seconds=report.seconds,
        head=report.head,
        signed_to=report.signed_to,
    )


JOBS: JobKinds = {VerifyLedger: JobKind(verify_ledger)}
