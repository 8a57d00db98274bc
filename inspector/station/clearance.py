"""Whether the loaded product may run as production: released, and its limit samples valid."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime

from inspector.core.canonical import Json
from inspector.core.errors import InputError, RefusedError
from inspector.core.record import RecordKind
from inspector.core.state import Health, LimitSamples, Lock, MasterSaid, Requirement
from inspector.limits.check import (
    Conditions,
    LimitCheck,
    MasterResult,
    due_us,
    load_check,
    save_check,
    save_parts,
    why_invalid,
)
from inspector.limits.masters import Master, MasterList, load_masters
from inspector.line.lifecycle import LifeCycle
from inspector.release.backtest import load_backtest
from inspector.release.making import Draft, Signature, release, withdraw
from inspector.release.releases import Entry, Release, Releases, Withdrawal
from inspector.station.alarming import Alarming
from inspector.station.judging import Judging
from inspector.station.override import OVERRIDE, Override
from inspector.station.rooms import Rooms
from inspector.station.showing import Showing

_SAVE_NS = 10_000_000_000
"""How often parts are counted on the disk; a crash forgets no more than these."""


class Clearance:
    """Follows what production needs, tells the life cycle, raises the alarms. Any thread.

    Without production in the line's file nothing is locked, but limit samples can be shown.
    """

    def __init__(self, rooms: Rooms, life: LifeCycle, alarming: Alarming) -> None:
        self._rooms = rooms
        self._life = life
        self._alarming = alarming
        self._lock = threading.RLock()
        self._judging: Judging | None = None
        self._releases: Releases | str = "no product is loaded"
        self._masters: MasterList | None = None
        self._check: LimitCheck | None = None
        self._damage = ""
        self._shown: dict[str, MasterResult] = {}
        self._made: set[str] = set()
        """Entries made since the start: their records may be on their way to the disk."""
        self._parts = self._saved = 0
        self._saved_ns = 0
        self._overridden: Override | None = None
        self.locked: tuple[Lock, ...] = ()
        """Why production is locked, in words; empty where it is not, or not wanted."""

    # -- the loaded product -----------------------------------------------------------------------

    def load(self, judging: Judging) -> None:
        """Another product, or the same one loaded anew."""
        releases = self._read_releases(judging.recipe.product)  # may take its time: not locked
        with self._lock:
            self._judging = judging
            self._releases = releases
            self._shown.clear()
            self._read_limits()
            self.look()

    def unload(self) -> None:
        """Nothing is loaded: nothing is cleared."""
        with self._lock:
            self._judging = None
            self._shown.clear()
            self._life.meet((), "nothing is loaded")

    def _read_releases(self, product: str) -> Releases | str:
        """The chain, or why none of it is believed."""
        try:
            releases = Releases(self._rooms.data_folder, product)
        except InputError as error:
            return str(error)
        recorded, head = self._rooms.last_release, releases.next[1]
        if recorded is None:
            return "ledger.enabled: false: production must be recorded"
        if head not in self._made and head != recorded(product):
            return f"{releases.folder}: its last entry is not the ledger's"
        return releases

    def _read_limits(self) -> None:
        folder, product = self._rooms.data_folder, self._loaded().recipe.product
        self._masters, self._check = None, None
        self._parts = self._saved = 0
        self._damage = ""
        try:
            self._masters = load_masters(folder, product)
            self._check, self._parts = load_check(folder, product)
        except InputError as error:
            self._damage = str(error)
        self._saved = self._parts

    def look(self, parts: int = 0) -> None:
        """What is lacking now, ``parts`` into the run under way. Supervisor, and after changes."""
        with self._lock:
            if self._judging is None:
                return
            reasons = self._reasons(parts)
            met = [one for one in Requirement if one not in reasons]
            self._life.meet(met, "cleared for production")
            self._tell(reasons)
            self._keep_count(parts)

    def _reasons(self, parts: int) -> dict[Requirement, str]:
        product = self._loaded().recipe.product
        found = {
            Requirement.RELEASE: (
                self._why_unreleased(),
                "Not released: {why}. Release it: inspector release " + product,
            ),
            Requirement.LIMIT_SAMPLES: (
                "" if self._override else self._why_no_limits(parts),
                "Limit samples: {why}. Show all of them",
            ),
        }
        return {one: words.format(why=why) for one, (why, words) in found.items() if why}

    def _why_unreleased(self) -> str:
        if isinstance(self._releases, str):
            return self._releases
        return self._releases.why_not(self._loaded().deciding)

    def _why_no_limits(self, parts: int) -> str:
        if self._damage or self._masters is None:
            return self._damage or "none are known"
        if not self._masters.complete:
            return f"{self._masters.product} needs a good and a bad one (inspector limits)"
        return why_invalid(
            self._check,
            self._conditions(),
            self._rooms.config.limits,
            now_us=self._rooms.clock.utc_us(),
            parts=self._parts + parts,
        )

    def _conditions(self) -> Conditions:
        config = self._rooms.config
        return Conditions(
            station=config.station,
            deciding=self._loaded().deciding,
            masters=self._masters.hash if self._masters else "",
            cameras=tuple(camera.name for camera in config.cameras),
            simulated=config.simulated,
        )

    def _tell(self, reasons: dict[Requirement, str]) -> None:
        wanted = self._rooms.config.production
        failed = self._check is not None and not self._check.passed
        due = Health.CHECK_FUNCTION
        if self._life.state.running and self._life.production:
            due = Health.MAINTENANCE_REQUIRED
        for one in Requirement:
            wrong = failed and one is Requirement.LIMIT_SAMPLES
            if one in reasons and (wanted or wrong):
                self._alarming.alarm(one.value, Health.FAILURE if wrong else due, reasons[one])
            else:
                self._alarming.clear(one.value)
        if self._overridden is not None and self._override is None:
            self._overridden = None
            self._alarming.clear(OVERRIDE)
        locks = (Lock(one, reasons[one]) for one in Requirement if one in reasons)
        self.locked = tuple(locks) if wanted else ()

    @property
    def _override(self) -> Override | None:
        """The one that holds for what is loaded, now."""
        found = self._overridden
        now = self._conditions()
        holds = found is not None and found.holds(now, self._check, self._rooms.clock.utc_us())
        return found if holds else None

    def override(self, product: str, user: str, reason: str) -> int:
        """Let what is loaded run without a valid check, as this user says; until when (UTC us).

        For ``limits.valid_hours`` at most, until the next check, a changeover to something else or
        the end of the program. Raises ``RefusedError``; a master judged wrongly is not overridden.
        """
        with self._lock:
            if self._loaded().recipe.product != product:
                raise RefusedError(f"{product}: is not loaded", remedy="Change over first")
            if not reason.strip():
                raise RefusedError("an override needs a reason", remedy="Say why in a few words")
            if self._check is not None and not self._check.passed:
                raise RefusedError(
                    f"{product}: a limit sample was judged wrongly",
                    remedy="Find the cause, or take a worn master off the list",
                )
            made = Override.now(
                self._conditions(), self._check, self._rooms.clock.utc_us(), self._rooms.config
            )
            self._overridden = made
            text = f"{product} runs without a check of limit samples, signed by {user}: {reason}"
            self._alarming.alarm(OVERRIDE, Health.OUT_OF_SPECIFICATION, text)
            self.look()
            return made.until_us

    def _keep_count(self, parts: int) -> None:
        """Keep the count on the disk now and then, where it matters."""
        now_ns = self._rooms.clock.monotonic_ns()
        if self._rooms.config.limits.valid_parts and now_ns - self._saved_ns > _SAVE_NS:
            self._save_count(self._parts + parts)

    def _save_count(self, parts: int) -> None:
        if self._check is not None and parts > self._saved:
            self._saved, self._saved_ns = parts, self._rooms.clock.monotonic_ns()
            save_parts(self._rooms.data_folder, self._check, parts)

    def count(self, parts: int) -> None:
        """A run has ended that judged so many parts. Raises ``StorageError``."""
        with self._lock:
            self._parts += parts
            self._save_count(self._parts)

    # -- limit samples ----------------------------------------------------------------------------

    def masters(self, names: Sequence[str]) -> tuple[Master, ...]:
        """The masters that are announced; without names all of them. Raises ``InputError``."""
        with self._lock:
            known = self._masters
            if known is None:
                raise RefusedError(self._damage or "no product is loaded")
            if not known.masters:
                raise RefusedError(
                    f"{known.product}: has no limit samples",
                    remedy=f"Add them: inspector limits {known.product} add",
                )
            if len(set(names)) < len(names):
                raise RefusedError("the same limit sample is announced twice")
            return tuple(known.of(name) for name in names or known.names)

    def conclude(self, showing: Showing, *, broken: bool) -> None:
        """After a run of masters: a check is over when one is wrong, or all were shown.

        ``broken`` drops what was shown so far: the station failed. Raises ``StorageError``.
        """
        with self._lock:
            self._shown |= {result.name: result for result in showing.results}
            results = tuple(self._shown.values())
            wrong = any(result.problem for result in results)
            names = set(self._masters.names) if self._masters else set()
            outcome, check = "incomplete", None
            if broken:
                outcome = "broken off"
                self._shown.clear()
            elif wrong or self._shown.keys() >= names:
                check = self._finish(results, showing.user)
                outcome = "passed" if check.passed else "failed"
            self._rooms.recorder.note(RecordKind.EVENT, self._told(outcome, results, check))

    def _finish(self, results: tuple[MasterResult, ...], user: str) -> LimitCheck:
        now = self._conditions()
        check = LimitCheck.sealed(
            product=self._loaded().recipe.product,
            station=now.station,
            user=user,
            utc_us=self._rooms.clock.utc_us(),
            deciding=now.deciding,
            masters=now.masters,
            cameras=now.cameras,
            from_pictures=self._rooms.pictures_shown,
            results=results,
        )
        save_check(self._rooms.data_folder, check)
        self._check, self._parts, self._saved = check, 0, 0
        self._damage = ""
        self._shown.clear()
        return check

    def _told(
        self, outcome: str, results: tuple[MasterResult, ...], check: LimitCheck | None
    ) -> dict[str, Json]:
        return {
            "event": f"limit samples {outcome}",
            "product": self._loaded().recipe.product,
            "text": "; ".join(result.problem for result in results if result.problem),
            "check": check.hash if check else "",
            "user": check.user if check else "",
            "from_pictures": self._rooms.pictures_shown,
            "deciding": self._loaded().deciding.model_dump(),
            "results": [result.model_dump(mode="json") for result in results],
        }

    def masters_changed(self, product: str) -> None:
        """The list of a product is another one now."""
        with self._lock:
            if self._judging is not None and self._judging.recipe.product == product:
                self._shown.clear()
                self._read_limits()
                self.look()

    def limit_samples(self, parts: int, showing: Showing | None) -> LimitSamples:
        """Where the check stands, for status."""
        with self._lock:
            if self._judging is None or self._masters is None:
                return LimitSamples()
            valid = not self._why_no_limits(parts)
            limits, check = self._rooms.config.limits, self._check
            left = max(0, limits.valid_parts - self._parts - parts) if limits.valid_parts else None
            return LimitSamples(
                masters=len(self._masters.masters),
                shown=len(self._shown) + (len(showing.results) if showing else 0),
                expected=showing.announced.expected if showing else "",
                valid=valid,
                checked_utc_us=check.utc_us if check else None,
                due_utc_us=due_us(check, limits) if valid and check else None,
                parts_left=left if valid else None,
                said=self._said(showing),
            )

    def _said(self, showing: Showing | None) -> tuple[MasterSaid, ...]:
        now = self._shown | {one.name: one for one in (showing.results if showing else ())}
        last = self._check.results if self._check is not None and showing is None else ()
        found = tuple(now.values()) or last
        return tuple(MasterSaid(one.name, one.problem) for one in found)

    # -- release ----------------------------------------------------------------------------------

    def release(self, product: str, backtest: str, signature: Signature) -> Release:
        """Release what is loaded. Raises ``InputError`` with what is missing, ``StorageError``."""
        with self._lock:
            judging = self._loaded()
            if judging.recipe.product != product:
                raise RefusedError(
                    f"{product}: {judging.recipe.product} is loaded",
                    remedy="Change over to the product first, or stop the station",
                )
            folder = self._rooms.data_folder
            draft = Draft(
                recipe=judging.recipe,
                deciding=judging.deciding,
                calibration=judging.calibration,
                check=self._check,
                why_no_limits=self._why_no_limits(0),
                backtest=load_backtest(folder, product, backtest) if backtest else None,
            )
            made = release(Releases(folder, product), draft, signature)
            self._read_again(made)
            return made

    def withdraw(self, product: str, signature: Signature) -> Withdrawal:
        """Withdraw the active release of any product. Raises ``InputError``, ``StorageError``."""
        with self._lock:
            made = withdraw(Releases(self._rooms.data_folder, product), signature)
            self._read_again(made)
            return made

    def _read_again(self, made: Entry) -> None:
        self._made.add(made.hash)
        if self._judging is not None and self._judging.recipe.product == made.product:
            self._releases = self._read_releases(made.product)
            self.look()

    def signature(self, user: str, role: str, reason: str) -> Signature:
        """Who signs now. Raises ``InputError`` without a reason."""
        now = datetime.fromtimestamp(self._rooms.clock.utc_us() / 1e6, UTC)
        return Signature(self._rooms.config.station, user, role, now, reason)

    def _loaded(self) -> Judging:
        if self._judging is None:
            raise RefusedError("no product is loaded")
        return self._judging
