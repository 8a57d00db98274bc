"""What a gauge study found: in words, and each part's scores beside the threshold."""

from __future__ import annotations

from PyQt6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout

from inspector.link.questions.gauge import GaugeFound
from inspector.panel import theme
from inspector.panel.models.gauge import SIGMAS, Grade, grade_of, share_of
from inspector.panel.moments import date_and_time
from inspector.panel.theme import Metrics
from inspector.panel.widgets.plot import Plot
from inspector.panel.widgets.view import View, beside, card, label


class GaugeResult(View):
    """Shows one ``GaugeFound``."""

    def __init__(self) -> None:
        super().__init__()
        self._found: GaugeFound | None = None
        self.title, self.says = label("strong"), label("small", wrap=True)
        self.plot = Plot()
        self.head, self.share = label("title", wrap=True), label("strong", wrap=True)
        self.parts, self.figures = label("", wrap=True), label("muted", wrap=True)
        self.when = label("muted", wrap=True)
        self.leave, self.earlier = QPushButton(), QPushButton()
        drawn, told = View(), View()
        left, right, keys = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        for text in (self.title, self.says):
            left.addWidget(text)
        left.addWidget(self.plot, 1)
        for text in (self.head, self.share, self.parts, self.figures, self.when):
            right.addWidget(text)
        right.addStretch()
        for key in (self.earlier, self.leave):
            keys.addWidget(key, 1)
        right.addLayout(keys)
        card(drawn, left)
        card(told, right)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._both.addWidget(drawn, 1)
        self._both.addWidget(told, 1)

    def rescale(self, metrics: Metrics) -> None:
        """Side by side, or one below the other."""
        self._both.setDirection(beside(metrics))
        self.plot.rescale(metrics)

    def show_study(self, found: GaugeFound | None) -> None:
        """This one; None: nothing is drawn."""
        self._found = found
        self.refresh()

    def refresh(self) -> None:
        """In words and drawn."""
        found = self._found
        self.leave.setText(self.tr("Back"))
        self.earlier.setText(self.tr("Earlier studies …"))
        self.plot.clear()
        self.plot.restyle()
        if found is None:
            return
        self.title.setText(self.tr("Scores of each part"))
        self.says.setText(
            self.tr("Dot: mean of a part; bar: where its scores lie (3 sigma). Dashed: threshold.")
        )
        self.head.setText(self._head(found))
        self.share.setText(self._share_words(found))
        self.parts.setText(self._part_words(found))
        self.figures.setText(self._figures(found))
        self.when.setText(f"{found.product} · {date_and_time(found.utc_us)} · {found.user}")
        self._draw(found)

    def _head(self, found: GaugeFound) -> str:
        return {
            Grade.GOOD: self.tr("Good: measuring hardly counts"),
            Grade.USABLE: self.tr("Usable, with care"),
            Grade.POOR: self.tr("Poor: measuring alone can turn verdicts"),
            Grade.UNKNOWN: self.tr("No part passes"),
        }[grade_of(found)]

    def _share_words(self, found: GaugeFound) -> str:
        share = share_of(found)
        if share is None:
            return self.tr("Show good parts: the room below the threshold is measured by them.")
        words = self.tr(
            "Measuring takes {share} % of the room between good parts and the threshold."
        )
        return words.format(share=f"{100 * share:.2g}" if share < 1 else f"{100 * share:.0f}")

    def _part_words(self, found: GaugeFound) -> str:
        count = len(found.parts)
        words = self.tr(
            "{alike} of {count} parts got the same verdict each time. So near to the threshold "
            "that chance decides: {near}."
        )
        text = words.format(alike=found.alike, count=count, near=found.near)
        doubtful = [one.name for one in found.parts if 0 < one.rejects < one.shows]
        if doubtful:
            names = ", ".join(doubtful[:6]) + (" …" if len(doubtful) > 6 else "")
            text += "\n" + self.tr("Judged differently: {names}.").format(names=names)
        return text

    def _figures(self, found: GaugeFound) -> str:
        words = self.tr(
            "Sigma of repeating {sigma} ({low} to {high}, 95 %), threshold {threshold}; "
            "{grr} % of the whole spread. {shows} shows. "
            "Up to 10 % of the room is good, up to 30 % usable."
        )
        return words.format(
            sigma=f"{found.sigma:.3g}",
            low=f"{found.sigma_low:.3g}",
            high=f"{found.sigma_high:.3g}",
            threshold=f"{found.threshold:.4g}",
            grr=f"{100 * found.grr:.0f}",
            shows=sum(one.shows for one in found.parts),
        )

    def _draw(self, found: GaugeFound) -> None:
        plot, tops = self.plot, [found.threshold]
        for number, part in enumerate(found.parts, 1):
            reach = SIGMAS * part.sigma
            low, high = max(0.0, part.mean - reach), part.mean + reach
            plot.curve([number, number], [low, high], theme.MUTED)
            tops.append(high)
        numbers = [float(number) for number in range(1, len(found.parts) + 1)]
        plot.dots(numbers, [part.mean for part in found.parts], theme.TEXT)
        plot.level(found.threshold, theme.ALERT)
        plot.from_zero(max(tops))
        plot.setXRange(0.5, len(found.parts) + 0.5, padding=0.02)
