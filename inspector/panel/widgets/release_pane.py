"""The release of the loaded product: who released what and why; withdraw, or release anew."""

from __future__ import annotations

from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from inspector.core.state import Requirement
from inspector.link.messages import Release, Withdraw
from inspector.link.questions.products import ProductDetail, ReleaseEntry
from inspector.panel.models.products import ProductsModel
from inspector.panel.moments import date_and_time
from inspector.panel.product_words import lock_words
from inspector.panel.station_words import station_words
from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.paged_rows import Cell, PagedRows, Row
from inspector.panel.widgets.view import View, card, label, restyle
from inspector.panel.words import role_name


class ReleasePane(View):
    """What stands, then the entries, newest first."""

    def __init__(self, model: ProductsModel, around: Surroundings) -> None:
        super().__init__()
        self._model, self._around = model, around
        self.verdict, self.about = label("strong", wrap=True), label(wrap=True)
        self.why = label("muted", wrap=True)
        self.who = label("muted", wrap=True)
        self.rows = PagedRows()
        self.release, self.withdraw = QPushButton(), QPushButton()
        restyle(self.release, "primary", True)
        restyle(self.withdraw, "dangerous", True)
        self.release.clicked.connect(lambda: around.sign(Release(model.loaded, ""), model.reload))
        self.withdraw.clicked.connect(lambda: around.sign(Withdraw(model.loaded, ""), model.reload))
        inside = QVBoxLayout()
        for text in (self.verdict, self.about, self.why):
            inside.addWidget(text)
        top = View()
        card(top, inside)
        buttons = QHBoxLayout()
        buttons.addWidget(self.withdraw, 1)
        buttons.addWidget(self.release, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(top)
        column.addWidget(self.rows, 1)
        column.addWidget(self.who)
        column.addLayout(buttons)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Rows as tall as a target."""
        self.rows.rescale(metrics)

    def refresh(self) -> None:
        """Say it in the language in use."""
        self.release.setText(self.tr("Release what is loaded …"))
        self.withdraw.setText(self.tr("Withdraw …"))
        detail, desk = self._model.detail, self._around.desk
        if detail is None:
            return
        lock = self._lock(Requirement.RELEASE)
        active = next((one for one in detail.releases if one.number == detail.active), None)
        self._say(detail, active, lock)
        self.rows.show_rows([self._row(one, detail) for one in detail.releases])
        status = self._model.status
        at_rest = status is not None and not status.state.running
        may = desk.may("Release")
        needs_limits = bool(self._lock(Requirement.LIMIT_SAMPLES))
        stands = active is not None and not lock and status is not None and status.production
        self.release.setEnabled(may and at_rest and not needs_limits and not stands)
        self.withdraw.setEnabled(may and active is not None)
        able = self.tr(", ").join(role_name(role) for role in desk.who_may("Release"))
        first = self.tr("Limit samples must be shown before it can be released.")
        stop = self.tr("The line runs: stop it before a release.")
        hint = first if needs_limits else "" if at_rest else stop
        self.who.setText(hint if may else self.tr("For: {roles}").format(roles=able))
        self.who.setVisible(bool(self.who.text()))

    def _say(self, detail: ProductDetail, active: ReleaseEntry | None, lock: str) -> None:
        free = active is not None and not lock and not detail.problem
        released = self.tr("Released: it may run in production.")
        changed = self.tr("Something else than what was released is loaded.")
        never = self.tr("Not released: it does not run in production.")
        self.verdict.setText(released if free else changed if active is not None else never)
        restyle(self.verdict, "kind", "" if free else "warning")
        by = self.tr("Entry {number}, {name} ({role}), {when}: {reason}")
        self.about.setText(by.format(**_told(active)) if active is not None else "")
        self.about.setVisible(active is not None)
        why = station_words(detail.problem) or lock_words(lock)
        self.why.setText(why)
        self.why.setVisible(bool(why))

    def _row(self, entry: ReleaseEntry, detail: ProductDetail) -> Row:
        gone = self.tr("Withdraws entry {number}").format(number=entry.withdraws)
        kind = gone if entry.withdraws else self.tr("Release {number}").format(number=entry.number)
        here = self.tr("in force") if entry.number == detail.active else ""
        bundle = self.tr("Bundle {hash}").format(hash=entry.bundle) if entry.bundle else ""
        return Row(
            f"{entry.number}",
            (
                Cell(2.2, kind, here or date_and_time(entry.utc_us), bold=bool(here)),
                Cell(1.6, entry.user, role_name(entry.role)),
                Cell(4.0, entry.reason, bundle),
            ),
        )

    def _lock(self, key: Requirement) -> str:
        status = self._model.status
        locks = status.locked if status is not None else ()
        return next((one.text for one in locks if one.key is key), "")


def _told(entry: ReleaseEntry) -> dict[str, object]:
    return {
        "number": entry.number,
        "name": entry.user,
        "role": role_name(entry.role),
        "when": date_and_time(entry.utc_us),
        "reason": entry.reason,
    }
