"""Drafts that wait for somebody to decide on them, and what one would change."""

from __future__ import annotations

from inspector.core.errors import InputError
from inspector.link.questions.drafts import DraftEntry, Drafts, DraftTried, ListDrafts, TryDraft
from inspector.link.questions.what_if import WhatIf
from inspector.office.answers.products import titles
from inspector.office.answers.what_if import what_if
from inspector.office.jobs import Job, JobKind, JobKinds
from inspector.office.room import Answers, Room
from inspector.release.drafts import Proposal, find_proposal, proposals


def list_drafts(_question: ListDrafts, room: Room) -> Drafts:
    """All of them."""
    return Drafts(tuple(_entry(one, room) for one in proposals(room.data_folder)))


def _entry(found: Proposal, room: Room) -> DraftEntry:
    product, problem = found.recipe.product, ""
    recipe = found.recipe
    try:
        recipe = room.catalogue.recipe(product)
        found.adopted_by(recipe)
    except InputError as error:
        problem = str(error)
    return DraftEntry(
        found.path.name,
        product,
        titles(recipe),
        recipe.decision.false_reject_rate,
        found.rate,
        found.who,
        found.when,
        found.why,
        found.basis,
        problem,
    )


def try_draft(question: TryDraft, room: Room, job: Job) -> DraftTried:
    """As *What if?* counts, for this rate. Raises ``RefusedError``, ``BundleError``."""
    found = find_proposal(room.data_folder, question.draft)
    table = what_if(WhatIf(found.recipe.product), room, job, also=found.rate)
    stop = next(one for one in table.stops if one.rate == found.rate)
    return DraftTried(
        draft=question.draft,
        parts=table.parts,
        rejects=table.rejects,
        would=stop.rejects,
        to_reject=stop.to_reject,
        to_pass=stop.to_pass,
        defects=stop.defects_passed,
        saved=stop.false_rejects_saved,
        images=table.images,
        extrapolated=stop.extrapolated,
    )


ANSWERS: Answers = {ListDrafts: list_drafts}
JOBS: JobKinds = {TryDraft: JobKind(try_draft)}
