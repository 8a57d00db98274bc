"""What the station and the office refuse, and what devices report: sentences, and subjects.

A sentence that the panel does not know is led by what it is about, in the operator's language.
"""

from __future__ import annotations

from PyQt6.QtCore import QT_TRANSLATE_NOOP

SENTENCES = (
    QT_TRANSLATE_NOOP("Station", "{name} is in control. Ask for it, or go there"),
    QT_TRANSLATE_NOOP("Station", "{name} asks for control already"),
    QT_TRANSLATE_NOOP("Station", "this panel is not in control"),
    QT_TRANSLATE_NOOP("Station", "control is for panels"),
    QT_TRANSLATE_NOOP("Station", "{command}: not from another PC"),
    QT_TRANSLATE_NOOP("Station", "{command}: no role may give this command"),
    QT_TRANSLATE_NOOP("Station", "nobody is logged in. Log in first"),
    QT_TRANSLATE_NOOP("Station", "the password is too long. Use at most {count} characters"),
    QT_TRANSLATE_NOOP("Station", "user {name}: unknown. Check the name"),
    QT_TRANSLATE_NOOP("Station", "{path}: there are users already. Log in as one"),
    QT_TRANSLATE_NOOP("Station", "{name}: no role. Give one of: {roles}"),
    QT_TRANSLATE_NOOP(
        "Station",
        "{path}: damaged. Delete it: everybody's failed log-ins count from 0 again",
    ),
    QT_TRANSLATE_NOOP("Station", "{path}: damaged. Restore it from a backup"),
    QT_TRANSLATE_NOOP("Station", "{path}: cannot be read ({why})"),
    QT_TRANSLATE_NOOP("Station", "{path}: cannot be read ({why}). {remedy}"),
    QT_TRANSLATE_NOOP(
        "Station",
        "{path}: cannot be written ({why}). Check the owner and rights of the folder",
    ),
    QT_TRANSLATE_NOOP("Station", "{path}: the disk is full. Free space and try again"),
    QT_TRANSLATE_NOOP("Station", "{path}: {why}. Check the disk"),
    QT_TRANSLATE_NOOP(
        "Station",
        "recovery is for who can write the data folder as the station's user. Run inspector users"
        " recover on the station's console",
    ),
    QT_TRANSLATE_NOOP("Station", "no station runs here. Start it: inspector run"),
    QT_TRANSLATE_NOOP("Station", "{command}: the first signature is not {user}'s. Log in"),
    QT_TRANSLATE_NOOP(
        "Station",
        "a hold of everything. Name a part, a lot, or a time from or until which",
    ),
    QT_TRANSLATE_NOOP("Station", "{product}: unknown product (no {file} in {folders}). {remedy}"),
    QT_TRANSLATE_NOOP("Station", "{file}: product: is {product}. {remedy}"),
    QT_TRANSLATE_NOOP("Station", "the same limit sample is announced twice"),
    QT_TRANSLATE_NOOP(
        "Station",
        "{product}: {loaded} is loaded. Change over to the product first, or stop the station",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{file}: promised: made for a false-reject rate of {made}, the recipe asks for {asked}. "
        "{remedy}",
    ),
    QT_TRANSLATE_NOOP("Station", "{output}: no output bit. See docs/plc.md"),
    QT_TRANSLATE_NOOP("Station", "an output is forced for {count} s at most"),
    QT_TRANSLATE_NOOP("Station", "{check}: no check of {product}. Its recipe has: {checks}"),
    QT_TRANSLATE_NOOP("Station", "another rate is in this draft than is signed"),
    QT_TRANSLATE_NOOP("Station", "this draft is of another product"),
    QT_TRANSLATE_NOOP(
        "Station",
        "{rate}: no false-reject rate. Give a share from {least} to {most}",
    ),
    QT_TRANSLATE_NOOP("Station", "part {number}: there is none. Part numbers begin at 1"),
    QT_TRANSLATE_NOOP("Station", "a good part has no defect to mark. Leave marks and class out"),
    QT_TRANSLATE_NOOP("Station", "who withdraws a word says nothing else. Leave the rest out"),
    QT_TRANSLATE_NOOP("Station", "longer than a record may be. Use {count} letters at most"),
    QT_TRANSLATE_NOOP("Station", "a mark is a box of two corners, or a polygon of three or more"),
    QT_TRANSLATE_NOOP("Station", "a mark lies outside of the inspected field. Use fractions 0..1"),
    QT_TRANSLATE_NOOP("Station", "a mark has no area. Draw a box"),
    QT_TRANSLATE_NOOP("Station", "not while the station runs. Stop it, and try again"),
    QT_TRANSLATE_NOOP("Station", "the line runs. Stop it before a camera is changed"),
    QT_TRANSLATE_NOOP("Station", "the station is halted already"),
    QT_TRANSLATE_NOOP("Station", "only limit samples may be shown now"),
    QT_TRANSLATE_NOOP("Station", "{state} as production needs: {lacking}"),
    QT_TRANSLATE_NOOP("Station", "the station cannot go from {old} to {new}. {remedy}"),
    QT_TRANSLATE_NOOP(
        "Station",
        "{camera}: another correction was worked out since. Calculate again",
    ),
    QT_TRANSLATE_NOOP("Station", "{values}: no exposure or gain. Give one of: {names}"),
    QT_TRANSLATE_NOOP(
        "Station",
        "{camera}: {setting} cannot be turned from here. Set it at the camera",
    ),
    QT_TRANSLATE_NOOP("Station", "camera {name} is not open"),
    QT_TRANSLATE_NOOP("Station", "part {number}: has no view {view}"),
    QT_TRANSLATE_NOOP("Station", "the report has {size} MiB. Make it with inspector report"),
    QT_TRANSLATE_NOOP(
        "Station",
        "{product}: no part was judged with its calibration. Choose a longer time",
    ),
    QT_TRANSLATE_NOOP("Station", "job {number}: there is none. Start it again"),
    QT_TRANSLATE_NOOP("Station", "{product}: {place}: {why}. Draw it again"),
    QT_TRANSLATE_NOOP("Station", "the station does not say who asks"),
    QT_TRANSLATE_NOOP("Station", "{command}: longer than {count} bytes"),
    QT_TRANSLATE_NOOP(
        "Station",
        "the station's {what} cannot be read ({why}). Install the same Inspector on both sides",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "the office's words cannot be read ({why}). Install the same Inspector on both sides",
    ),
    QT_TRANSLATE_NOOP("Station", "the office gave no answer within {time} s"),
    QT_TRANSLATE_NOOP("Station", "the office cannot be reached"),
    QT_TRANSLATE_NOOP("Station", "{path}: hash: the file was changed. {remedy}"),
    QT_TRANSLATE_NOOP("Station", "backtest: was made with another {what} than is loaded. {remedy}"),
    QT_TRANSLATE_NOOP("Station", "{path}: does not follow the last entry. Try again"),
    QT_TRANSLATE_NOOP(
        "Station",
        "{path}: {key}: the releases were changed, or one is missing. Restore the folder from a "
        "backup, and compare with the ledger",
    ),
    QT_TRANSLATE_NOOP("Station", "{path}: belongs to something else. Show the masters again"),
    QT_TRANSLATE_NOOP("Station", "{picture}: not a picture. Give a PNG, JPEG, BMP or TIFF file"),
    QT_TRANSLATE_NOOP("Station", "{name}: has no picture. Remove it, and add it with one"),
    QT_TRANSLATE_NOOP("Station", "{path}: missing or changed. Remove the master and add it again"),
    QT_TRANSLATE_NOOP("Station", "the camera is gone"),
    QT_TRANSLATE_NOOP(
        "Station",
        "the device is gone: unplugged, without power, or its network is cut",
    ),
    QT_TRANSLATE_NOOP("Station", "{camera}: the camera does not answer any more"),
    QT_TRANSLATE_NOOP("Station", "{camera}: the camera is gone"),
    QT_TRANSLATE_NOOP(
        "Station",
        "{camera}: another camera is in its place, serial number {serial}. {remedy}",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{camera}: another program controls the camera. Close it; after a crash the camera frees "
        "itself within seconds",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{camera}: no camera with this serial number; found: {found}. {remedy}",
    ),
    QT_TRANSLATE_NOOP("Station", "{camera}: no frame of a part"),
    QT_TRANSLATE_NOOP("Station", "{camera}: no frame"),
    QT_TRANSLATE_NOOP("Station", "no PLC has connected and written yet. {remedy}"),
    QT_TRANSLATE_NOOP(
        "Station",
        "{peer} did not answer within {time} ms ({what}). Check the cable, the PLC and timeout_ms",
    ),
    QT_TRANSLATE_NOOP("Station", "{peer} is not connected"),
    QT_TRANSLATE_NOOP("Station", "{peer} closed the connection at once"),
    QT_TRANSLATE_NOOP(
        "Station",
        "{host}:{port} refuses the connection. Is its server switched on, and is this PC on its "
        "list?",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{host}:{port} does not answer ({why}). Check host, port and cable",
    ),
    QT_TRANSLATE_NOOP("Station", "plc {name}: no client is logged in"),
    QT_TRANSLATE_NOOP("Station", "plc {name}: its client has written nothing yet"),
    QT_TRANSLATE_NOOP("Station", "plc {name}: no answer within {time} s"),
    QT_TRANSLATE_NOOP("Station", "plc {name}: not open"),
    QT_TRANSLATE_NOOP("Station", "plc {name}: the gateway process has ended"),
    QT_TRANSLATE_NOOP("Station", "plc {name}: its certificate is not trusted. {remedy}"),
    QT_TRANSLATE_NOOP("Station", "camera {name}: output {output}: {why}"),
    QT_TRANSLATE_NOOP("Station", "{file}: was taught with scores of another bundle. {remedy}"),
    QT_TRANSLATE_NOOP("Station", "{file}: names no forecast. Teach the forecast again"),
    QT_TRANSLATE_NOOP("Station", "{file}: the station has kept no parts. {remedy}"),
    QT_TRANSLATE_NOOP("Station", "{file}: is damaged. Delete it"),
    QT_TRANSLATE_NOOP("Station", "{command}: needs {what}. Sign with user name and password"),
    QT_TRANSLATE_NOOP("Station", "no such show. Begin anew"),
)
"""As ``inspector.panel.station_words`` knows them."""

_SUBJECTS = (
    (
        ("camera", "frame", "trigger", "GenTL"),
        QT_TRANSLATE_NOOP("Station", "The cameras report a fault"),
    ),
    (
        ("plc", "modbus", "opc", "mqtt"),
        QT_TRANSLATE_NOOP("Station", "The connection to the PLC reports a fault"),
    ),
    (("ledger", "record", "journal"), QT_TRANSLATE_NOOP("Station", "The records report a fault")),
    ((".yaml", "recipe", "key:"), QT_TRANSLATE_NOOP("Station", "A setting is wrong")),
)


def subject_of(text: str) -> str:
    """What an unknown sentence is about, in English."""
    said = text.casefold()
    for signs, subject in _SUBJECTS:
        if any(sign.casefold() in said for sign in signs):
            return subject
    return QT_TRANSLATE_NOOP("Station", "The station reports")
