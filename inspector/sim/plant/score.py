"""Each physical part's end against the verdict that it got, and against what the PLC told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from inspector.plc.tracking import Alarm, Fate, Reason
from inspector.sim.plant.belt import Lane, PhysicalPart
from inspector.sim.plant.plant import Plant
from inspector.sim.plant.plc import PlcLog

_DECLARED = (Reason.UNCERTAIN, Reason.DOUBLE, Reason.NOT_SEEN, Reason.WITHDRAWN, Reason.BYPASS)


@dataclass(slots=True)
class Score:
    """Counts of a run; the first five must be zero for the gate to have kept its promise."""

    escapes: int = 0
    """Parts in the good lane whose verdict was reject, late or missing."""
    undeclared: int = 0
    """Parts with a good verdict in the bin, for which nobody gave a reason."""
    untold: int = 0
    """Parts that were triggered and of which the PLC told no fate, and did not lose its memory."""
    contradicted: int = 0
    """Parts that were told to have passed, or not to have, and did not, or did."""
    unexplained: int = 0
    """Parts that nobody triggered and no fault hid."""
    parts: int = 0
    lanes: Counter[Lane] = field(default_factory=Counter)
    fates: Counter[Fate] = field(default_factory=Counter)
    good_ejected: Counter[str] = field(default_factory=Counter)
    """Parts with a good verdict in the bin, by reason."""
    either_way: int = 0
    """Good parts told as ejected or missing that passed: they were at the gate when positions
    were lost, or were taken for a good neighbour."""
    taken_unnoticed: int = 0
    """Taken by hand where no gate sensor misses them: told as passed."""
    exchanged: int = 0
    """Parts that a hand laid in the place of a good one which it took: no sensor tells them."""
    bypassed: int = 0
    stuck: int = 0
    """Parts in the good lane because the ejector failed."""
    alarms: Counter[Alarm] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    triggers: int = 0
    forgotten: int = 0
    under_way: int = 0
    reconciled: bool = False
    culprits: list[PhysicalPart] = field(default_factory=list)

    @property
    def kept(self) -> bool:
        """Whether all is as promised."""
        return self.reconciled and not (
            self.escapes + self.undeclared + self.untold + self.contradicted + self.unexplained
        )


def score(plant: Plant, faults: Counter[str]) -> Score:
    """Score a run that has ended."""
    log = plant.plc.log
    result = Score(faults=faults, alarms=Counter(event.alarm for event in log.events))
    result.triggers, result.under_way = log.triggers, plant.plc.under_way
    result.forgotten = len(log.forgotten)
    result.fates = Counter(one.fate for one in log.fates.values())
    told = len(log.fates) + result.forgotten + result.under_way
    result.reconciled = told == log.triggers or not log.sorts
    told_of = _ToldOf(log, plant)
    for part in plant.belt.parts:
        if part.number <= plant.scenario.parts:
            _score_part(part, log, told_of, result)
    return result


class _ToldOf:
    """What the PLC named in alarms, or forgot, and what no sensor can tell it."""

    def __init__(self, log: PlcLog, plant: Plant) -> None:
        tracking = plant.scenario.tracking
        self.blind = tracking.gate_sensor_counts is None
        self.exchanged = _exchanged(plant.belt.parts, log, tracking.uncertainty)

        def named(alarm: Alarm) -> set[int]:
            return {n for event in log.events if event.alarm is alarm for n in event.parts}

        self.declared = named(Alarm.UNCERTAIN) | named(Alarm.POSITION_LOST)
        kinds = (Alarm.UNCERTAIN, Alarm.STRANGER, Alarm.NOT_SEEN)
        self.windows = [window for kind in kinds for window in log.declared(kind)]
        self.forgotten = set(log.forgotten)

    def uncertain_at(self, register: int | None) -> bool:
        """True when this encoder count lies in a window that was declared uncertain."""
        if register is None:
            return False
        return any((register - w.lo) % 2**32 <= w.hi - w.lo for w in self.windows)


def _exchanged(parts: list[PhysicalPart], log: PlcLog, reach: int) -> set[PhysicalPart]:
    """Good parts that were taken away, and unannounced ones that passed in their place."""
    found: set[PhysicalPart] = set()
    for index, gone in enumerate(parts):
        told = log.fates.get(gone.trigger_count)
        if gone.lane is Lane.HAND and told is not None and told.fate is Fate.PASSED:
            for other in parts[max(0, index - 3) : index + 4]:
                placed = other.lane is Lane.GOOD and not other.trigger_count
                if placed and abs(other.front - gone.front) <= reach:
                    found |= {gone, other}
    return found


def _score_part(part: PhysicalPart, log: PlcLog, told_of: _ToldOf, result: Score) -> None:
    result.parts += 1
    result.lanes[part.lane] += 1
    count = part.trigger_count
    passed = log.accepted.get(count) is True
    if part in told_of.exchanged:
        result.exchanged += part.lane is Lane.GOOD
        return
    if part.lane is Lane.GOOD:
        _score_passed(part, result, passed=passed)
    elif part.lane is Lane.BIN and passed:
        _score_ejected(part, log, told_of, result)
    if count and log.sorts:
        _compare(part, log, told_of, result)
    if not count and not part.marks:
        result.unexplained += 1
        result.culprits.append(part)


def _score_passed(part: PhysicalPart, result: Score, *, passed: bool) -> None:
    if part.bypassed:
        result.bypassed += 1
    elif part.stuck:
        result.stuck += 1
    elif not passed:
        result.escapes += 1
        result.culprits.append(part)


def _score_ejected(part: PhysicalPart, log: PlcLog, told_of: _ToldOf, result: Score) -> None:
    told = log.fates.get(part.trigger_count)
    declared = part.trigger_count in told_of.declared
    if not log.sorts:
        result.good_ejected["by the station"] += 1
        return
    if part.trigger_count in told_of.forgotten:
        result.good_ejected["plc-restart"] += 1
        return
    if told is not None and told.fate is Fate.PASSED and "brought-back" in part.marks:
        result.good_ejected["brought back past the gate"] += 1
        return
    if told is not None and told.fate is Fate.PASSED and told_of.uncertain_at(part.gate_count):
        result.good_ejected["taken for a neighbour"] += 1
        return
    reason = told.reason if told is not None else Reason.GOOD
    result.good_ejected[reason.value] += 1
    if reason not in _DECLARED or (reason is Reason.UNCERTAIN and not declared):
        result.undeclared += 1
        result.culprits.append(part)


def _compare(part: PhysicalPart, log: PlcLog, told_of: _ToldOf, result: Score) -> None:
    told = log.fates.get(part.trigger_count)
    if told is None:
        result.untold += not (part.trigger_count in told_of.forgotten or part.lane is Lane.BELT)
        return
    free = told.fate is Fate.BYPASSED or part.bypassed or part.stuck
    free |= told.fate is Fate.PASSED and "brought-back" in part.marks
    free |= part.lane is Lane.BIN and told_of.uncertain_at(part.gate_count)
    if told.fate is Fate.PASSED and part.lane is Lane.HAND and told_of.blind:
        result.taken_unnoticed += 1
        free = True
    unsure = told.reason is Reason.NOT_SEEN or part.trigger_count in told_of.declared
    if part.lane is Lane.GOOD and unsure and log.accepted.get(part.trigger_count) and not free:
        result.either_way += 1
        free = True
    if not free and (told.fate is Fate.PASSED) != (part.lane is Lane.GOOD):
        result.contradicted += 1
        result.culprits.append(part)


def table(result: Score) -> str:
    """The score as lines of text."""
    kept = "kept" if result.kept else "BROKEN"
    rows: list[tuple[str, object]] = [
        ("parts", result.parts),
        *((f"  {lane.value}", n) for lane, n in sorted(result.lanes.items())),
        ("triggers", result.triggers),
        *((f"  {fate.value}", n) for fate, n in sorted(result.fates.items())),
        ("  forgotten at a PLC restart", result.forgotten),
        ("  under way", result.under_way),
        ("escapes", result.escapes),
        ("  through a stuck gate", result.stuck),
        ("passed by bypass", result.bypassed),
        ("good ejected", sum(result.good_ejected.values())),
        *((f"  {reason}", n) for reason, n in sorted(result.good_ejected.items())),
        ("  undeclared", result.undeclared),
        ("good, told otherwise, passed", result.either_way),
        ("exchanged by hand, passed", result.exchanged),
        ("taken by hand, told as passed", result.taken_unnoticed),
        ("untold, contradicted", f"{result.untold}, {result.contradicted}"),
        ("never triggered, unexplained", result.unexplained),
        ("alarms", sum(result.alarms.values())),
        *((f"  {alarm.value}", n) for alarm, n in sorted(result.alarms.items())),
        ("faults", sum(result.faults.values())),
        *((f"  {kind}", n) for kind, n in sorted(result.faults.items())),
        ("promise", kept),
    ]
    return "\n".join(f"{name:<32}{value:>10}" for name, value in rows)
