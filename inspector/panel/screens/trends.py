"""Trends: is the line as it was? Rejects over time, their reasons, scores, time left."""

from __future__ import annotations

from PyQt6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.link.questions.trends import Trends
from inspector.panel import theme
from inspector.panel.models.trends import TrendsModel, Window
from inspector.panel.station_words import station_words
from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.plot import Plot
from inspector.panel.widgets.reason_bars import ReasonBars
from inspector.panel.widgets.screen import Screen
from inspector.panel.widgets.standing import StandingPane
from inspector.panel.widgets.view import View, card, label, restyle
from inspector.panel.words import check_name, short_cause

LEAST_RATE = 1.0
"""Per cent: the axis of rejects is never finer."""


class TrendsScreen(Screen):
    """Four pictures and one line of counts."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.model = TrendsModel(around.desk)
        self._windows = QButtonGroup(self)
        self.windows: dict[Window, QPushButton] = {}
        for window in Window:
            button = choice_button()
            button.clicked.connect(lambda _=False, window=window: self.model.look_back(window))
            self._windows.addButton(button)
            self.windows[window] = button
        self.counts = label("muted", wrap=True)
        self.rate, self.scores, self.time = Plot(times=True), Plot(), Plot(times=True)
        self.reasons = ReasonBars()
        self.titles: dict[QWidget, QLabel] = {}
        self.says: dict[QWidget, QLabel] = {}
        self._cards = [
            self._card(widget) for widget in (self.rate, self.reasons, self.scores, self.time)
        ]
        self._lay_out()
        self.model.changed.connect(self.refresh)
        self.refresh()

    def enter(self) -> None:
        """Ask how the line went."""
        status = self.around.model.live.status
        self.model.enter(status.product if status is not None else "")

    def rescale(self, metrics: Metrics) -> None:
        """Two by two, or one below the other."""
        for place, one in enumerate(self._cards):
            row, column = (place, 0) if metrics.portrait else divmod(place, 2)
            self._grid.addWidget(one, row, column)
            self._grid.setRowStretch(place, 1 if metrics.portrait or place < 2 else 0)
        for plot in (self.rate, self.scores, self.time):
            plot.rescale(metrics)

    def refresh(self) -> None:
        """Draw what the office found."""
        names = {
            Window.HOUR: self.tr("1 hour"),
            Window.SHIFT: self.tr("8 hours"),
            Window.DAY: self.tr("24 hours"),
            Window.WEEK: self.tr("7 days"),
        }
        for window, button in self.windows.items():
            button.setText(names[window])
            button.setChecked(window is self.model.window)
        self.titles[self.rate].setText(self.tr("Rejected, %"))
        self.titles[self.reasons].setText(self.tr("Reasons"))
        self.titles[self.scores].setText(self.tr("Scores"))
        self.titles[self.time].setText(self.tr("Time to verdict, ms"))
        trends = self.model.trends
        if trends is None:
            return
        self._say_counts()
        self._draw_rate(trends)
        self._draw_reasons(trends)
        self._draw_scores(trends)
        self._draw_time(trends)

    def _card(self, widget: QWidget) -> View:
        view = View()
        self.titles[widget] = label("strong")
        self.says[widget] = label("small", wrap=True)
        inside = QVBoxLayout()
        inside.setSpacing(0)
        inside.addWidget(self.titles[widget])
        inside.addWidget(self.says[widget])
        inside.addWidget(widget, 1)
        card(view, inside)
        return view

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in self.windows.values():
            buttons.addWidget(button, 1)
        content = QWidget()
        self._grid = QGridLayout(content)
        self._grid.setContentsMargins(0, 0, 0, 0)
        for place, one in enumerate(self._cards):
            self._grid.addWidget(one, *divmod(place, 2))
        nothing = StandingPane(
            self.model, content, lambda: self.tr("No part was inspected in this time.")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(buttons)
        column.addWidget(nothing, 1)
        column.addWidget(self.counts)

    def _say_counts(self) -> None:
        parts, rejects = self.model.parts
        said = self.tr("{parts} parts, {rejects} rejected")
        text = said.format(parts=f"{parts:,}", rejects=f"{rejects:,}")
        status = self.around.model.live.status
        if status is not None:
            agree = self.tr("All parts of this run are accounted for.")
            disagree = self.tr("Counts of this run do not agree!")
            whole = status.parts.reconciled and all(c.reconciled for c in status.cameras.values())
            text += " · " + (agree if whole else disagree)
        self.counts.setText(text)

    def _draw_rate(self, trends: Trends) -> None:
        plot = self._emptied(self.rate)
        hours = [group.begin_us / 1e6 for group in trends.groups]
        shares = [100.0 * group.rejects / group.parts for group in trends.groups]
        if trends.limits != "none":
            for limits in ("lower", "upper"):
                heights = [100.0 * getattr(group, limits) for group in trends.groups]
                plot.curve(hours, heights, theme.MUTED)
        plot.level(100.0 * trends.centre, theme.LINE)
        plot.curve(hours, shares, theme.TEXT, marks=True)
        beyond = [place for place, group in enumerate(trends.groups) if group.outside]
        plot.marks([hours[i] for i in beyond], [shares[i] for i in beyond], theme.ALERT)
        said = self.tr("{n} of {all} points beyond the limits")
        text = said.format(n=len(beyond), all=len(hours))
        plot.from_zero(max([*shares, 100.0 * trends.centre, LEAST_RATE]))
        self._say(self.rate, text if trends.limits != "none" else "", alarming=bool(beyond))

    def _draw_reasons(self, trends: Trends) -> None:
        found = [(self._reason(name), number) for name, number in trends.reasons]
        self.reasons.show_reasons(found, self.tr("others"))
        said = self.tr("Of the last {n} rejects") if found else self.tr("Nothing was rejected.")
        self._say(self.reasons, said.format(n=f"{trends.looked_at[0]:,}"))

    def _draw_scores(self, trends: Trends) -> None:
        plot, scores = self._emptied(self.scores), trends.scores
        if scores is None:
            self._say(self.scores, self.tr("No scores of this product."))
            return
        plot.steps(scores.edges, scores.calibration, theme.MUTED, filled=True)
        plot.steps(scores.edges, scores.line, theme.TEXT, filled=False)
        plot.limit(1.0, theme.ALERT)
        said = self.tr("Line: {parts} parts, outlined; {images} good images, filled; 1 = threshold")
        self._say(self.scores, said.format(parts=f"{scores.parts:,}", images=scores.images))

    def _draw_time(self, trends: Trends) -> None:
        plot = self._emptied(self.time)
        hours = [one.begin_us / 1e6 for one in trends.durations]
        plot.curve(hours, [one.p99_ms for one in trends.durations], theme.MUTED, marks=True)
        plot.curve(hours, [one.p50_ms for one in trends.durations], theme.TEXT, marks=True)
        least = min((one.margin_ms for one in trends.durations), default=0.0)
        said = self.tr("Below: half of the parts; above: 99 %. Least time left: {ms} ms")
        self._say(self.time, said.format(ms=f"{least:.0f}"), alarming=least < 0)

    def _emptied(self, plot: Plot) -> Plot:
        plot.clear()
        plot.restyle()
        return plot

    def _say(self, widget: QWidget, text: str, *, alarming: bool = False) -> None:
        says = self.says[widget]
        says.setText(text)
        restyle(says, "kind", "warning" if alarming else "")

    def _reason(self, name: str) -> str:
        check, _, finding = name.partition(": ")
        cause = short_cause(name)
        return station_words(finding) if finding else cause if cause != name else check_name(check)
