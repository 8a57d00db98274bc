"""Sentences of station and office about changeovers, limit samples and releases."""

from __future__ import annotations

from PyQt6.QtCore import QT_TRANSLATE_NOOP

SENTENCES = (
    QT_TRANSLATE_NOOP(
        "Station",
        "of {parts} recorded parts {rejected} passes would be rejected, {passed} rejects would "
        "pass, {defects} of them called true defects",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{product}: its recipe was changed since this was proposed. Discard the draft, and propose "
        "the rate again",
    ),
    QT_TRANSLATE_NOOP("Station", "{draft}: there is no such draft. Somebody decided on it"),
    QT_TRANSLATE_NOOP("Station", "the line runs. Stop it before a draft is taken up"),
    QT_TRANSLATE_NOOP("Station", "{product} needs a good and a bad one (inspector limits)"),
    QT_TRANSLATE_NOOP("Station", "they were never shown to this station"),
    QT_TRANSLATE_NOOP("Station", "none was judged"),
    QT_TRANSLATE_NOOP("Station", "only their pictures were shown"),
    QT_TRANSLATE_NOOP("Station", "changed since they were shown: {what}"),
    QT_TRANSLATE_NOOP("Station", "their list was changed since they were shown"),
    QT_TRANSLATE_NOOP("Station", "they were shown to station {station}"),
    QT_TRANSLATE_NOOP("Station", "shown to other cameras: {cameras}"),
    QT_TRANSLATE_NOOP("Station", "the clock stands before the time at which they were shown"),
    QT_TRANSLATE_NOOP("Station", "shown more than {hours} hours ago"),
    QT_TRANSLATE_NOOP("Station", "shown {count} parts ago or more"),
    QT_TRANSLATE_NOOP("Station", "{name} was not judged ({cause})"),
    QT_TRANSLATE_NOOP("Station", "{name} is good and was rejected"),
    QT_TRANSLATE_NOOP("Station", "{name} is bad and was passed"),
    QT_TRANSLATE_NOOP("Station", "{name} was not found by {check}"),
    QT_TRANSLATE_NOOP("Station", "{name} was found at another place"),
    QT_TRANSLATE_NOOP("Station", "{product} was never released"),
    QT_TRANSLATE_NOOP("Station", "{product}: every release was withdrawn"),
    QT_TRANSLATE_NOOP("Station", "{file}: deciding.{key}: {what} released {old}, loaded {new}"),
    QT_TRANSLATE_NOOP("Station", "{folder}: its last entry is not the ledger's"),
    QT_TRANSLATE_NOOP("Station", "ledger.enabled: false: production must be recorded"),
    QT_TRANSLATE_NOOP("Station", "{product}: not taught yet on this station"),
    QT_TRANSLATE_NOOP("Station", "{product}: not taught yet on this station. Run: {command}"),
    QT_TRANSLATE_NOOP("Station", "{product}: not calibrated for {rate}. Calibrate it first"),
    QT_TRANSLATE_NOOP(
        "Station",
        "{file}: preparation_hash: was taught with another preparation than the recipe has now. "
        "Teach again, or undo the change of 'preparation' in the recipe",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{file}: preparation_hash: was taught with another calibration of the camera than it has "
        "now. Teach again: the pictures are corrected otherwise",
    ),
    QT_TRANSLATE_NOOP("Station", "the line runs. Stop it before the changeover"),
    QT_TRANSLATE_NOOP("Station", "a thread of the line is stuck. Restart the station"),
    QT_TRANSLATE_NOOP("Station", "no product is loaded"),
    QT_TRANSLATE_NOOP("Station", "{product}: is not loaded. Change over first"),
    QT_TRANSLATE_NOOP("Station", "{product}: has no limit samples. Add them: {command}"),
    QT_TRANSLATE_NOOP(
        "Station",
        "{name}: {product} has a limit sample of this name. Remove that one first, or choose "
        "another name",
    ),
    QT_TRANSLATE_NOOP("Station", "{name}: no limit sample of {product}. Known: {names}"),
    QT_TRANSLATE_NOOP(
        "Station",
        "{product}: a limit sample was judged wrongly. Find the cause, or take a worn master off "
        "the list",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{product} runs without a check of limit samples, signed by {user}: {reason}",
    ),
    QT_TRANSLATE_NOOP(
        "Station", "reason: {reason} is no reason. Say why, in {count} letters or more"
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{product}: calibration: none, its verdicts are provisional. Teach it, or calibrate it: "
        "inspector calibrate",
    ),
    QT_TRANSLATE_NOOP("Station", "{product}: limit samples: {why}. Show them: {command}"),
    QT_TRANSLATE_NOOP("Station", "{product}: this is release {number}: nothing was changed since"),
    QT_TRANSLATE_NOOP("Station", "{product}: there is no release to withdraw"),
)
"""As ``inspector.panel.station_words`` knows them."""
