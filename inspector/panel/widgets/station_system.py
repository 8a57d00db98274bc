"""Station, system: what the doctor finds on this PC, and which versions run."""

from __future__ import annotations

from PyQt6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PyQt6.QtWidgets import QBoxLayout, QPushButton, QVBoxLayout, QWidget

from inspector.link.questions.station import Package, PcFinding
from inspector.panel.models.support import SystemModel
from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.dragged import Dragged
from inspector.panel.widgets.facts import Fact, FactCard
from inspector.panel.widgets.job_bar import JobBar
from inspector.panel.widgets.view import View, beside, label
from inspector.panel.words import role_names

_SIGNS = {"ok": "✓", "warn": "!", "missing": "–", "failure": "✕"}

_MEANINGS = {
    "ok": QT_TRANSLATE_NOOP("Finding", "In order"),
    "warn": QT_TRANSLATE_NOOP("Finding", "Look at this"),
    "missing": QT_TRANSLATE_NOOP("Finding", "Not installed; needed by some lines only"),
    "failure": QT_TRANSLATE_NOOP("Finding", "Does not work"),
}
"""Led by in other languages: what the doctor finds is told in English."""
_NAMES = {
    "system": QT_TRANSLATE_NOOP("Finding", "system"),
    "CPU": QT_TRANSLATE_NOOP("Finding", "CPU"),
    "GPU": QT_TRANSLATE_NOOP("Finding", "GPU"),
    "memory": QT_TRANSLATE_NOOP("Finding", "memory"),
    "clock": QT_TRANSLATE_NOOP("Finding", "clock"),
    "data folder": QT_TRANSLATE_NOOP("Finding", "data folder"),
    "display": QT_TRANSLATE_NOOP("Finding", "display"),
    "Japanese font": QT_TRANSLATE_NOOP("Finding", "Japanese font"),
}


class SystemPane(View):
    """The doctor on the left, versions on the right."""

    def __init__(self, model: SystemModel, around: Surroundings) -> None:
        super().__init__()
        self._model, self._around = model, around
        self.examine = QPushButton()
        self.examine.clicked.connect(model.examine)
        self.job, self.said = JobBar(), label("strong", wrap=True)
        self.findings, self.software, self.packages = FactCard(), FactCard(), FactCard()
        self.light = QPushButton()
        self.light.clicked.connect(self._switch)
        content = QWidget()
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, content)
        self._sides.setContentsMargins(0, 0, 8, 0)
        left, right = QVBoxLayout(), QVBoxLayout()
        for widget in (self.examine, self.job, self.said, self.findings):
            left.addWidget(widget)
        for widget in (self.light, self.software, self.packages):
            right.addWidget(widget)
        for column in (left, right):
            column.addStretch(1)
            self._sides.addLayout(column, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Dragged(content))
        model.changed.connect(self.refresh)
        around.desk.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Beside each other, or one below the other."""
        self._sides.setDirection(beside(metrics))

    def refresh(self) -> None:
        """Show what is known."""
        model, desk = self._model, self._around.desk
        self.examine.setText(self.tr("Examine this PC"))
        self.examine.setEnabled(desk.may("Examine"))
        self.examine.setVisible(not model.looking)
        self.job.follow(model.examining)
        dark = self._around.model.looks.theme == "dark"
        self.light.setText(self.tr("Light colours") if dark else self.tr("Dark colours"))
        self._show_findings()
        versions = model.versions
        self.software.setVisible(versions is not None)
        self.packages.setVisible(versions is not None)
        if versions is not None:
            facts = [
                Fact("Inspector", versions.software),
                Fact("Python", versions.python),
                Fact(self.tr("System"), versions.system),
            ]
            self.software.show_facts(self.tr("Software"), facts)
            packages = [Fact(one.name, _version(one)) for one in versions.packages]
            self.packages.show_facts(self.tr("Packages and licences"), packages)

    def _switch(self) -> None:
        looks = self._around.model.looks
        looks.use("light" if looks.theme == "dark" else "dark")

    def _show_findings(self) -> None:
        findings = self._model.findings
        self.findings.setVisible(bool(findings))
        self.said.setText(self._summary(findings))
        facts = [
            Fact(
                f"{_SIGNS[one.status]}  {_name(one)}", self._told(one), one.status == "failure", ""
            )
            for one in findings
        ]
        self.findings.show_facts(self.tr("Findings"), facts)

    def _summary(self, findings: tuple[PcFinding, ...]) -> str:
        desk = self._around.desk
        if self._model.looking:
            return ""
        if not findings:
            if desk.may("Examine"):
                return self.tr("Looks at runtimes, cameras, disk, clock and display; some seconds.")
            able = role_names(desk.who_may("Examine"))
            return self.tr("Examined by: {roles}").format(roles=able)
        failures = sum(one.status == "failure" for one in findings)
        if failures:
            return self.tr("✕ Inspector cannot work here. Failures: {count}").format(count=failures)
        return self.tr("✓ Inspector can work here.")

    def _told(self, finding: PcFinding) -> str:
        meaning = QCoreApplication.translate("Finding", _MEANINGS[finding.status])
        english = meaning == _MEANINGS[finding.status]
        lines = ("" if english else meaning, finding.found, f"→ {finding.remedy}")
        return "\n".join(line for line in lines[: 3 if finding.remedy else 2] if line)


def _version(package: Package) -> str:
    return f"{package.version}  ·  {package.licence}" if package.licence else package.version


def _name(finding: PcFinding) -> str:
    name = QCoreApplication.translate("Finding", _NAMES.get(finding.name, finding.name))
    return f"{_SIGNS[finding.status]}  {name}"
