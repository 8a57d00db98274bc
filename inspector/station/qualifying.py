"""Commands that decide what may run in production: limit samples, releases, camera settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inspector.core.canonical import Json
from inspector.core.errors import InputError, RefusedError
from inspector.core.recipe import Recipe
from inspector.durable.yaml_files import validated
from inspector.limits.masters import (
    Expected,
    Master,
    MasterList,
    Place,
    load_masters,
    masters_file,
    picture_of,
    save_masters,
)
from inspector.link.messages import (
    AddMaster,
    AnnounceMasters,
    ChangeLight,
    DiscardDraft,
    KeepCorrection,
    OverrideLimits,
    ProposeRate,
    Release,
    RemoveMaster,
    TakeUpDraft,
    Withdraw,
)
from inspector.release.difference import Change
from inspector.release.drafts import DISCARDED, TAKEN, Proposal, find_proposal, write_draft
from inspector.station.camera_changes import change_camera
from inspector.station.catalogue import keep_recipe
from inspector.station.clearance import Clearance
from inspector.station.rooms import Rooms

Qualifying = (
    AnnounceMasters
    | AddMaster
    | RemoveMaster
    | OverrideLimits
    | ChangeLight
    | KeepCorrection
    | ProposeRate
    | TakeUpDraft
    | DiscardDraft
    | Release
    | Withdraw
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who gives a command, authorised."""

    user: str
    role: str


class Qualification:
    """Carries the commands out, at once. Each returns what its record tells beside who and when.

    Raises ``InputError`` with the reason, ``StorageError``.
    """

    def __init__(
        self,
        rooms: Rooms,
        clearance: Clearance,
        announce: Callable[[tuple[str, ...], str], tuple[str, ...]],
    ) -> None:
        self._rooms = rooms
        self._clearance = clearance
        self._announce = announce

    def carry_out(self, command: Qualifying, actor: Actor) -> dict[str, Json]:
        """Any thread."""
        match command:
            case AnnounceMasters(names=names):
                return {"masters": self._announce(names, actor.user)}
            case AddMaster():
                return self._add(command)
            case RemoveMaster(product=product, name=name):
                return self._keep(product, lambda masters: masters.without(name), name)
            case OverrideLimits(product=product, reason=reason):
                until_us = self._clearance.override(product, actor.user, reason)
                return {"until_utc_us": until_us}
            case ChangeLight() | KeepCorrection():
                return change_camera(command, self._rooms)
            case _:
                return self._of_recipe(command, actor)

    def _of_recipe(
        self,
        command: ProposeRate | TakeUpDraft | DiscardDraft | Release | Withdraw,
        actor: Actor,
    ) -> dict[str, Json]:
        match command:
            case ProposeRate():
                return self._propose(command, actor)
            case TakeUpDraft():
                return self._take_up(command, actor)
            case DiscardDraft():
                return self._discard(command, actor)
            case Release():
                return self._release(command, actor)
            case Withdraw():
                return self._withdraw(command, actor)

    def _add(self, command: AddMaster) -> dict[str, Json]:
        master = self._master(command, self._rooms.catalogue.recipe(command.product))
        return self._keep(command.product, lambda masters: masters.adding(master), command.name)

    def _master(self, command: AddMaster, recipe: Recipe) -> Master:
        checks = [check.check for check in recipe.checks]
        if command.check and command.check not in checks:
            raise InputError(
                f"{command.check}: no check of {recipe.product}",
                remedy=f"Its recipe has: {', '.join(checks)}",
            )
        content: dict[str, object] = {
            "name": command.name,
            "expected": Expected.GOOD if command.good else Expected.BAD,
            "check": command.check,
            "picture": command.picture,
        }
        if command.place is not None:
            content["place"] = dict(zip(Place.model_fields, command.place, strict=True))
        file = masters_file(self._rooms.data_folder, recipe.product)
        master = validated(content, Master, file)
        if master.picture:
            picture_of(self._rooms.data_folder, recipe.product, master)
        return master

    def _keep(
        self, product: str, change: Callable[[MasterList], MasterList], name: str
    ) -> dict[str, Json]:
        old = load_masters(self._rooms.data_folder, product)
        new = change(old)
        save_masters(self._rooms.data_folder, new)
        self._clearance.masters_changed(product)
        return {"product": product, "master": name, "old": old.hash[:12], "new": new.hash[:12]}

    def _propose(self, command: ProposeRate, actor: Actor) -> dict[str, Json]:
        recipe = self._rooms.catalogue.recipe(command.product)
        signature = self._clearance.signature(actor.user, actor.role, command.reason)
        made = write_draft(
            self._rooms.data_folder, recipe, command.rate, signature, basis=command.basis
        )
        return {
            "product": recipe.product,
            "role": actor.role,
            "old": f"{recipe.decision.false_reject_rate:g}",
            "new": f"{command.rate:g}",
            "draft": made.path.name,
            "hash": made.recipe.hash,
            "basis": command.basis,
        }

    def _take_up(self, command: TakeUpDraft, actor: Actor) -> dict[str, Json]:
        """The recipe is another one from now on; what is loaded stays as it is until it loads."""
        found = self._draft(command, actor)
        before = self._rooms.catalogue.recipe(command.product)
        if found.rate != command.rate:
            raise RefusedError("another rate is in this draft than is signed")
        made = found.adopted_by(before)
        keep_recipe(self._rooms.catalogue, made, self._rooms.data_folder)
        found.lay_aside(TAKEN)
        return {
            "role": actor.role,
            "old": f"{before.decision.false_reject_rate:g}",
            "new": f"{found.rate:g}",
            "hash": made.hash,
        }

    def _discard(self, command: DiscardDraft, actor: Actor) -> dict[str, Json]:
        found = self._draft(command, actor)
        found.lay_aside(DISCARDED)
        return {"role": actor.role, "new": f"{found.rate:g}", "hash": found.recipe.hash}

    def _draft(self, command: TakeUpDraft | DiscardDraft, actor: Actor) -> Proposal:
        self._clearance.signature(actor.user, actor.role, command.reason)
        found = find_proposal(self._rooms.data_folder, command.draft)
        if found.recipe.product != command.product:
            raise RefusedError("this draft is of another product")
        return found

    def _release(self, command: Release, actor: Actor) -> dict[str, Json]:
        signature = self._clearance.signature(actor.user, actor.role, command.reason)
        made = self._clearance.release(command.product, command.backtest, signature)
        return {
            "product": made.product,
            "role": made.role,
            "old": _named(made.number - 1),
            "new": _named(made.number),
            "hash": made.hash,
            "deciding": made.deciding.model_dump(),
            "changed": [str(change) for change in _all(made.changed, made.recipe_changes)],
            "reason": made.reason,
        }

    def _withdraw(self, command: Withdraw, actor: Actor) -> dict[str, Json]:
        signature = self._clearance.signature(actor.user, actor.role, command.reason)
        made = self._clearance.withdraw(command.product, signature)
        return {
            "product": made.product,
            "role": made.role,
            "old": _named(made.number - 1),
            "new": _named(made.number),
            "hash": made.hash,
            "withdraws": made.withdraws,
            "reason": made.reason,
        }


def _named(number: int) -> str:
    return f"entry {number}" if number else "none"


def _all(*groups: tuple[Change, ...]) -> list[Change]:
    return [change for group in groups for change in group]
