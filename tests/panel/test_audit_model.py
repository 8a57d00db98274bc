"""Looking for who did what, verifying, and taking a report away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inspector.link.messages import NoteReport
from inspector.link.questions import AnyQuestion, JobState, News
from inspector.link.questions.audit import ActionEntry, Actions, AskHead, ListActions
from inspector.link.questions.jobs import AskResult, JobStarted, Verified, VerifyLedger
from inspector.link.questions.reports import MakeReport, ReportFile
from inspector.panel.models.audit import AuditModel, Span
from inspector.panel.models.desk import Desk
from inspector.panel.models.reports import ReportModel, Stretch
from inspector.panel.models.screen import Standing
from inspector.panel.sticks import sticks, write_away
from inspector.panel.translation import Language
from inspector.panel.widgets.action_detail import told_in_short
from tests.panel import people

NOW_US = people.NOON
HOUR_US = 3_600_000_000


class Archive:
    """Answers at once, from this list of actions."""

    def __init__(self, count: int = 60) -> None:
        self.asked: list[AnyQuestion] = []
        self.sent: list[Any] = []
        self.desk = Desk(self.sent.append, self._ask)
        self.result: Any = None
        self.entries = tuple(
            ActionEntry(record, NOW_US, "oki", "operator", "panel", "Start", "")
            for record in range(count, 0, -1)
        )
        self.desk.hear(News("run"))

    def hear(self, **state: Any) -> None:
        self.desk.hear(News("run", (JobState(7, "job", "aud", **state),)))

    def _ask(self, question: AnyQuestion) -> None:
        self.asked.append(question)
        match question:
            case ListActions(before=before, count=count):
                left = [one for one in self.entries if not before or one.record < before]
                page = tuple(left[:count])
                more = page[-1].record if len(left) > count else 0
                self.desk.answered(question, Actions(page, more))
            case AskHead():
                self.desk.answered(question, people.HEAD)
            case VerifyLedger() | MakeReport():
                self.desk.answered(question, JobStarted(7))
            case AskResult():
                self.desk.answered(question, self.result)


def audit(archive: Archive) -> AuditModel:
    model = AuditModel(archive.desk, lambda: NOW_US)
    model.reload()
    return model


def test_pages_follow_each_other_until_nothing_older_is_left() -> None:
    archive = Archive()
    model = audit(archive)
    assert model.standing is Standing.READY
    assert len(model.entries) == 50
    model.go_on()
    assert [one.record for one in model.entries] == list(range(60, 0, -1))
    assert not model.more
    asked = len(archive.asked)
    model.go_on()
    assert len(archive.asked) == asked
    assert model.head == people.HEAD


def test_what_is_looked_for_is_asked_anew_from_the_newest() -> None:
    archive = Archive()
    model = audit(archive)
    before = model.fresh
    model.only(person="sato")
    model.only(action="Bypass")
    model.look_back(Span.DAY)
    question = next(one for one in reversed(archive.asked) if isinstance(one, ListActions))
    assert (question.person, question.action) == ("sato", "Bypass")
    assert question.since_us == NOW_US - 24 * HOUR_US
    model.look_back(Span.ALL)
    question = next(one for one in reversed(archive.asked) if isinstance(one, ListActions))
    assert question.since_us is None
    assert model.fresh == before + 4
    assert Archive(0).entries == ()
    assert audit(Archive(0)).standing is Standing.EMPTY


def test_verifying_tells_how_far_it_is_and_what_it_found() -> None:
    archive = Archive()
    model = audit(archive)
    model.verify()
    model.verify()
    assert archive.asked.count(VerifyLedger()) == 1, "one at a time"
    archive.hear(step="records", done=20, total=80)
    assert model.verifying is not None
    assert model.verifying.share == 0.25
    archive.result = Verified("line", 80, 10, (), 1.0, "ab", 70)
    archive.hear(end="done")
    assert model.verified == archive.result


Wrote = Callable[[str], None]


class Stick:
    """Takes files, or does not."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.told: Wrote | None = None

    def write(self, folder: Path, name: str, data: bytes, done: Wrote) -> None:
        self.files[str(folder / name)] = data
        self.told = done


def test_a_report_is_made_taken_away_and_recorded(tmp_path: Path) -> None:
    archive, stick = Archive(), Stick()
    model = ReportModel(archive.desk, stick.write, lambda: NOW_US)
    model.want(kind="lot")
    assert not model.possible, "no lot is known"
    model.want(kind="audit", stretch=Stretch.WEEK, form=".csv")
    model.make("ja")
    (question,) = [one for one in archive.asked if isinstance(one, MakeReport)]
    assert (question.report, question.form, question.language) == ("audit", ".csv", "ja")
    assert question.since_us == NOW_US - 168 * HOUR_US
    assert not model.possible
    archive.result = ReportFile("line_audit.csv", b"a,b", "ab12")
    archive.hear(end="done")
    assert model.made == archive.result
    model.save(tmp_path, lambda trouble: model.wrote(tmp_path, trouble))
    assert stick.told is not None
    stick.told("full")
    assert (model.trouble, model.saved, archive.sent) == ("full", "", [])
    model.save(tmp_path, lambda trouble: model.wrote(tmp_path, trouble))
    stick.told("")
    assert model.saved == str(tmp_path / "line_audit.csv")
    (note,) = archive.sent
    assert isinstance(note, NoteReport)
    assert note.files == ((".csv", "ab12"),)


def test_a_file_is_whole_on_the_stick_and_overwrites_none(tmp_path: Path) -> None:
    import threading

    for number in (1, 2):
        over: list[str] = []
        done = threading.Event()

        def told(trouble: str, into: list[str] = over, end: threading.Event = done) -> None:
            into.append(trouble)
            end.set()

        write_away(tmp_path, "shift.pdf", b"%d" % number, told)
        assert done.wait(20)
        assert over == [""]
    assert (tmp_path / "shift.pdf").read_bytes() == b"1"
    assert (tmp_path / "shift-2.pdf").read_bytes() == b"2"
    assert not list(tmp_path.glob("*.part"))
    failed = threading.Event()
    said: list[str] = []

    def lost(trouble: str) -> None:
        said.append(trouble)
        failed.set()

    write_away(tmp_path / "gone", "x", b"", lost)
    assert failed.wait(20)
    assert "Try another stick" in said[0]


def test_only_what_is_mounted_is_a_stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ops/STICK", "empty"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setattr(Path, "is_mount", lambda self: self.name == "STICK")
    assert sticks("linux", (tmp_path,)) == (tmp_path / "ops/STICK",)


def test_what_both_values_begin_with_is_said_once() -> None:
    def told(old: str, new: str) -> str:
        about = ("product", "cell"), ("old", old), ("new", new)
        entry = ActionEntry(1, NOW_US, "sato", "engineer", "panel", "ChangeLight", "", about)
        return told_in_short(entry)

    assert told("Gain 0", "Gain 6") == "cell  ·  Gain 0 → 6"
    assert told("Exposure 90, Gain 0", "Exposure 70, Gain 6").endswith(
        "Exposure 90, Gain 0 → Exposure 70, Gain 6"
    )
    assert told("4f19", "90be").endswith("4f19 → 90be")


def test_parts_and_findings_are_read_as_people_say_them() -> None:
    about = ("part", "12194"), ("finding", "defect"), ("defect", "scratch")
    entry = ActionEntry(1, NOW_US, "oki", "operator", "panel", "Judge", "", about)
    assert told_in_short(entry) == "12,194  ·  True defect  ·  scratch"


def test_yes_and_no_are_said_in_the_language_in_use(language: Language) -> None:
    about = ("reason", "trial"), ("on", "yes")
    entry = ActionEntry(1, NOW_US, "sato", "engineer", "panel", "Bypass", "", about)
    language.use("ja")
    assert told_in_short(entry) == "はい  ·  trial"
