"""The station's sentences in the operator's language.

The station speaks English. Sentences that operators meet are known here as patterns; what is not
known is shown as it came, which is better than nothing.
"""

from __future__ import annotations

import re

from PyQt6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from inspector.panel import calibration_sentences, lesson_sentences, refusal_sentences
from inspector.panel.command_words import COMMANDS, command_name
from inspector.panel.product_sentences import SENTENCES
from inspector.panel.words import check_name, role_names, role_or_state_name

_SENTENCES = (
    QT_TRANSLATE_NOOP("Station", "the station is silent"),
    QT_TRANSLATE_NOOP("Station", "internal fault"),
    QT_TRANSLATE_NOOP("Station", "the office was started again"),
    QT_TRANSLATE_NOOP("Station", "the office is busy. Ask again"),
    QT_TRANSLATE_NOOP("Station", "the office gave no answer in time"),
    QT_TRANSLATE_NOOP("Station", "the station cannot say who asks ({why})"),
    QT_TRANSLATE_NOOP("Station", "not while the line runs. Stop the line first"),
    QT_TRANSLATE_NOOP(
        "Station", "another job of this kind runs ({user}). Wait for its end, or cancel it"
    ),
    QT_TRANSLATE_NOOP("Station", "the process of this job ended with code {code}. See the log"),
    QT_TRANSLATE_NOOP("Station", "cancelled"),
    QT_TRANSLATE_NOOP("Station", "the station holds the cameras. Halt it first"),
    QT_TRANSLATE_NOOP("Station", "{count} good pictures are too few. Take at least {least}"),
    QT_TRANSLATE_NOOP(
        "Station",
        "{count} good pictures are too few to try methods with. Take at least {least}",
    ),
    QT_TRANSLATE_NOOP("Station", "{source}: is gone. Plug the stick in again"),
    QT_TRANSLATE_NOOP("Station", "this line keeps no records. Set ledger.enabled: true"),
    QT_TRANSLATE_NOOP("Station", "part {number}: there is no record of it"),
    QT_TRANSLATE_NOOP("Station", "{command}: nobody is logged in. Log in first"),
    QT_TRANSLATE_NOOP("Station", "{command}: not allowed to the role {role}. Ask: {able}"),
    QT_TRANSLATE_NOOP("Station", "user name or password is wrong. Try again"),
    QT_TRANSLATE_NOOP("Station", "too many failed attempts. Try again in {seconds} s"),
    QT_TRANSLATE_NOOP("Station", "the line does not run"),
    QT_TRANSLATE_NOOP("Station", "cannot force outputs while the station is {state}"),
    QT_TRANSLATE_NOOP("Station", "cannot {what} while the station is {state}"),
    QT_TRANSLATE_NOOP("Station", "{alarm}: there is no such alarm any more"),
    QT_TRANSLATE_NOOP("Station", "{path}: no station has run here. Start the station"),
    QT_TRANSLATE_NOOP("Station", "the station gave no answer within {time} s. {rest}"),
    QT_TRANSLATE_NOOP(
        "Station", "Pictures of rejects come faster than the disk takes them; some are not kept"
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{channel}: scores rise against calibration. Check light, lens, position and parts",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{channel}: scores fall against calibration. Check light, lens, position and parts",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{channel}: scores scatter more than at calibration. Check light, lens, position and parts",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{channel}: scores are spread otherwise than at calibration. "
        "Check light, lens, position and parts",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{channel}: higher than forecast from the parts before. See what has changed on the line",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{channel}: lower than forecast from the parts before. See what has changed on the line",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{channel}: scatters more about its forecast than when that was taught. "
        "See what has changed on the line",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{channel}: differs from its forecast otherwise than when that was taught. "
        "See what has changed on the line",
    ),
    QT_TRANSLATE_NOOP("Station", "{camera}: pictures are brighter. Check light and exposure"),
    QT_TRANSLATE_NOOP("Station", "{camera}: pictures are darker. Check light and exposure"),
    QT_TRANSLATE_NOOP("Station", "{camera}: pictures are sharper or noisier. Check the lens"),
    QT_TRANSLATE_NOOP("Station", "{camera}: pictures are blurred. Check the lens"),
    QT_TRANSLATE_NOOP("Station", "{camera}: the camera is warmer. Check its cooling"),
    QT_TRANSLATE_NOOP("Station", "{camera}: the camera is colder. Check its surroundings"),
    QT_TRANSLATE_NOOP(
        "Station",
        "{camera}: parts lie {moved} px to the right of where they lay at calibration. "
        "Check camera mount and guide rails",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{camera}: parts lie {moved} px to the left of where they lay at calibration. "
        "Check camera mount and guide rails",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{camera}: parts lie {moved} px below where they lay at calibration. "
        "Check camera mount and guide rails",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{camera}: parts lie {moved} px above where they lay at calibration. "
        "Check camera mount and guide rails",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{camera}: parts lie turned by {moved}° clockwise against calibration. "
        "Check camera mount and guide rails",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{camera}: parts lie turned by {moved}° counter-clockwise against calibration. "
        "Check camera mount and guide rails",
    ),
    QT_TRANSLATE_NOOP(
        "Station", "{camera}: someone changed {changes}, or it was without power. Put back"
    ),
    QT_TRANSLATE_NOOP("Station", "Not released: {why}. Release it: inspector release {product}"),
    QT_TRANSLATE_NOOP("Station", "Limit samples: {why}. Show all of them"),
    QT_TRANSLATE_NOOP("Station", "the line runs. Stop it before limit samples are shown"),
    QT_TRANSLATE_NOOP("Station", "Bypass: all parts pass unsorted, signed by {user}: {reason}"),
    QT_TRANSLATE_NOOP(
        "Station",
        "The PLC did not take every result in time; those parts were ejected",
    ),
    QT_TRANSLATE_NOOP("Station", "{name} is not told of results: {why}"),
    QT_TRANSLATE_NOOP("Station", "the PLC's heartbeat stands still"),
    QT_TRANSLATE_NOOP("Station", "{count} verdicts in a row came late: stop the line"),
    QT_TRANSLATE_NOOP("Station", "Ledger: {fault}"),
    QT_TRANSLATE_NOOP("Station", "no room is left for records: {fault}"),
    QT_TRANSLATE_NOOP("Station", "records could not be kept: free the disk"),
    QT_TRANSLATE_NOOP("Station", "Records wait on this PC for the plant's database: {fault}"),
    QT_TRANSLATE_NOOP("Station", "The disk of the evidence is {full} full"),
    QT_TRANSLATE_NOOP(
        "Station",
        "The disk of the evidence is {full} full: pictures of passes are not kept any more",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "The next reject's pictures could not be kept, and the recipe requires them: {why}",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{camera}: packets have to be sent twice. Check cable, plugs and switch",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{camera}: frames are lost on the way ({failed} incomplete, {underrun} for want "
        "of a buffer). Check cable, switch, packet size and the load of this PC",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "The PLC's sensor counted {parts} parts for which no camera was triggered; the "
        "gate ejected them. Check the cameras' trigger cable",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "Cameras were triggered {times} times without a part at the PLC's sensor. Check "
        "the trigger cable for noise, and the sensor for bouncing",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "The administrator {user} was recovered on the station's console. An "
        "administrator has to take note",
    ),
    QT_TRANSLATE_NOOP("Station", "{user} calls an engineer to the line"),
    QT_TRANSLATE_NOOP("Station", "the inspection thread does not move"),
    QT_TRANSLATE_NOOP("Station", "the counts do not add up: {what}"),
    QT_TRANSLATE_NOOP("Station", "the line did not come to rest in time"),
    QT_TRANSLATE_NOOP("Station", "part {part}: no picture of it was kept"),
    QT_TRANSLATE_NOOP("Station", "part {part}: there is no record of it"),
    QT_TRANSLATE_NOOP("Station", "{product}: no good images of it are kept on this PC"),
    QT_TRANSLATE_NOOP("Station", "records"),
    QT_TRANSLATE_NOOP("Station", "report"),
    QT_TRANSLATE_NOOP("Station", "{folder}: cannot be written ({why}). Try another stick"),
    QT_TRANSLATE_NOOP("Station", "no session here goes on with this PIN. Log in with the password"),
    QT_TRANSLATE_NOOP("Station", "somebody else has seen your password. {remedy}"),
    QT_TRANSLATE_NOOP("Station", "the password has {count} characters. {remedy}"),
    QT_TRANSLATE_NOOP("Station", "the new password is the old one. Choose another"),
    QT_TRANSLATE_NOOP("Station", "not a PIN. Use 4 to 12 digits"),
    QT_TRANSLATE_NOOP("Station", "everybody would guess this PIN. {remedy}"),
    QT_TRANSLATE_NOOP("Station", "user {name}: exists already. Choose another name"),
    QT_TRANSLATE_NOOP(
        "Station",
        "user {name}: this name stands for somebody else in the records. Choose another name",
    ),
    QT_TRANSLATE_NOOP("Station", "user {name}: this name cannot be used. {remedy}"),
    QT_TRANSLATE_NOOP("Station", "user {name}: is the only administrator. Add another one first"),
    QT_TRANSLATE_NOOP("Station", "this badge is another user's. Take it from them first"),
    QT_TRANSLATE_NOOP("Station", "this alarm is for an administrator. Log in as one"),
    QT_TRANSLATE_NOOP(
        "Station",
        "{command}: needs your signature. Sign with user name and password",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{command}: needs your signature and a second person's. Sign with user name and password",
    ),
    QT_TRANSLATE_NOOP("Station", "{command}: two different people sign, or one"),
    QT_TRANSLATE_NOOP("Station", "{user}: nobody signs with a password that others have seen"),
    QT_TRANSLATE_NOOP("Station", "{who} has write access. {remedy}"),
    QT_TRANSLATE_NOOP("Station", "the PLC does not ask for write access. {remedy}"),
    QT_TRANSLATE_NOOP("Station", "{what} needs a reason. Say why in a few words"),
    QT_TRANSLATE_NOOP("Station", "parts"),
    QT_TRANSLATE_NOOP("Station", "no part"),
    QT_TRANSLATE_NOOP("Station", "misplaced"),
    QT_TRANSLATE_NOOP("Station", "misplaced ({shift})"),
    QT_TRANSLATE_NOOP(
        "Station",
        "{product}: no part was judged with a calibration in this time. {remedy}",
    ),
    QT_TRANSLATE_NOOP("Station", "{product}: its recipe has this false-reject rate already"),
    QT_TRANSLATE_NOOP("Station", "the station was too busy to check this. Try again"),
    QT_TRANSLATE_NOOP("Station", "examination"),
    QT_TRANSLATE_NOOP("Station", "bundle"),
    QT_TRANSLATE_NOOP("Station", "Manual test: {user} may force outputs to the PLC: {reason}"),
    QT_TRANSLATE_NOOP("Station", "no manual test is on. Begin one, and sign for it"),
    QT_TRANSLATE_NOOP("Station", "this connection has no outputs to force"),
    QT_TRANSLATE_NOOP(
        "Station", "{check}: score {score} against {limit}, judged as a whole, {chance}"
    ),
    QT_TRANSLATE_NOOP("Station", "{check}: score {score} against {limit}, {place}"),
    QT_TRANSLATE_NOOP("Station", "{check}: score {score} against {limit}"),
)

_PATTERNS = tuple(
    (sentence, re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(sentence))))
    for sentence in (
        *_SENTENCES,
        *SENTENCES,
        *calibration_sentences.SENTENCES,
        *lesson_sentences.SENTENCES,
        *refusal_sentences.SENTENCES,
    )
)


def station_words(text: str) -> str:
    """A sentence of the station as the operator reads it, or several with semicolons between."""
    sentence, said = _known_or_several(text)
    capital = sentence and not sentence.startswith("{")
    return said[:1].upper() + said[1:] if capital else said or text


def told(text: str) -> tuple[str, str]:
    """The same for what must be understood, and what is to stand below it, small.

    A sentence that is not known is told by its subject, with the station's own words below.
    """
    subject = refusal_sentences.subject_of(text)
    words = QCoreApplication.translate("Station", subject)
    if not text or words == subject or _known_or_several(text)[0]:
        return station_words(text), ""
    return words, text


def told_whole(text: str) -> str:
    """What is told, in one piece."""
    return "\n".join(part for part in told(text) if part)


def _known_or_several(text: str) -> tuple[str, str]:
    pieces = [_known(piece) for piece in text.split("; ")]
    if all(sentence for sentence, _ in pieces):
        return pieces[0][0], "; ".join(said for _, said in pieces)
    return _known(text)


def _known(text: str) -> tuple[str, str]:
    """The English sentence, and as it is said in the language in use; empty: not known."""
    for sentence, pattern in _PATTERNS:
        found = pattern.fullmatch(text)
        if found is not None:
            named = {key: _named(key, value) for key, value in found.groupdict().items()}
            return sentence, QCoreApplication.translate("Station", sentence).format(**named)
    return "", ""


def _named(key: str, value: str) -> str:
    match key:
        case "why":
            return _known_or_several(value)[1] or value
        case "command" if value.isidentifier():
            this = QCoreApplication.translate("Command", "This")
            return command_name(value) if value in COMMANDS else this
        case "check" | "channel":
            return check_name(value)
        case "able":
            return role_names(value.split(", "))
        case _:
            return role_or_state_name(value)
