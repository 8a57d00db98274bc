"""Station, system: what the doctor finds on this PC, and which versions run."""

from __future__ import annotations

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


class SystemPane(View):
    """The doctor on the left, versions on the right."""

    def __init__(self, model: SystemModel, around: Surroundings) -> None:
        super().__init__()
        self._model, self._around = model, around
        self.examine = QPushButton()
        self.examine.clicked.connect(model.examine)
        self.job, self.said = JobBar(), label("strong", wrap=True)
        self.findings, self.software, self.packages = FactCard(), FactCard(), FactCard()
        content = QWidget()
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, content)
        self._sides.setContentsMargins(0, 0, 8, 0)
        left, right = QVBoxLayout(), QVBoxLayout()
        for widget in (self.examine, self.job, self.said, self.findings):
            left.addWidget(widget)
        for widget in (self.software, self.packages):
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

    def _show_findings(self) -> None:
        findings = self._model.findings
        self.findings.setVisible(bool(findings))
        self.said.setText(self._summary(findings))
        facts = [
            Fact(f"{_SIGNS[one.status]}  {one.name}", self._told(one), one.status == "failure", "")
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
        if not finding.remedy:
            return finding.found
        return f"{finding.found}\n→ {finding.remedy}"


def _version(package: Package) -> str:
    return f"{package.version}  ·  {package.licence}" if package.licence else package.version
