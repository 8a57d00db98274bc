"""Last step of teaching: what the pictures prove, the strangest of them, the way to the line."""

from __future__ import annotations

import math

import numpy as np
from PyQt6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from inspector.link.questions.teaching import TaughtProduct
from inspector.panel import theme
from inspector.panel.models.teach import TeachModel
from inspector.panel.station_words import station_words
from inspector.panel.theme import Metrics
from inspector.panel.widgets.dragged import Dragged
from inspector.panel.widgets.next_words import needed_words
from inspector.panel.widgets.picture_grid import Cell, PictureGrid
from inspector.panel.widgets.plot import Plot
from inspector.panel.widgets.view import View, label, restyle

_BINS = 24


class ResultPage(View):
    """Histogram with the threshold; the sentences beside it; good pictures nearest to it."""

    def __init__(self, model: TeachModel) -> None:
        super().__init__()
        self.model = model
        self.chart, self.strange = label("strong"), label("strong", wrap=True)
        self.plot, self.grid = Plot(), PictureGrid()
        self.proves, self.needs = label(wrap=True), label("muted", wrap=True)
        left, right = QWidget(), QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.chart)
        column.addWidget(self.plot, 1)
        column.addWidget(self.proves)
        column.addWidget(self.needs)
        gallery = QVBoxLayout(right)
        gallery.setContentsMargins(0, 0, 0, 0)
        gallery.addWidget(self.strange)
        gallery.addWidget(Dragged(self.grid), 1)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._beside.setContentsMargins(0, 0, 0, 0)
        self._beside.addWidget(left, 1)
        self._beside.addWidget(right, 1)

    def rescale(self, metrics: Metrics) -> None:
        """Beside each other, or one below the other."""
        directions = QBoxLayout.Direction
        self._beside.setDirection(
            directions.TopToBottom if metrics.portrait else directions.LeftToRight
        )
        self._beside.setSpacing(metrics.px(16))
        self.plot.rescale(metrics)
        self.grid.rescale(max(2 * metrics.target, metrics.px(150)))

    def refresh(self) -> None:
        """Show what came of it."""
        result = self.model.result
        self.chart.setText(self.tr("Good pictures by score; 1 = threshold"))
        self.strange.setText(self.tr("Strangest, in % of the threshold"))
        if result is None:
            return
        self._draw(result)
        self.proves.setText(self._proved(result))
        self.needs.setText(self._needed())
        restyle(self.needs, "kind", "warning" if self.model.problem else "")
        self.grid.show_cells(
            [
                Cell(
                    f"{place}",
                    one.picture,
                    self.tr("{share} %").format(share=f"{100 * one.score:.0f}"),
                    one.score > 1.0,
                )
                for place, one in enumerate(result.strangest)
            ]
        )

    def _draw(self, result: TaughtProduct) -> None:
        scores = np.array(result.scores)
        top = max(1.2, float(scores.max()) * 1.05)
        counts, edges = np.histogram(scores, _BINS, (min(0.0, float(scores.min())), top))
        self.plot.clear()
        self.plot.restyle()
        self.plot.steps(edges.tolist(), counts.tolist(), theme.TEXT, filled=True)
        self.plot.limit(1.0, theme.ALERT)
        every = math.ceil(counts.max() / 4)
        self.plot.getAxis("left").setTickSpacing(levels=[(every, 0)])  # pictures come whole

    def _proved(self, result: TaughtProduct) -> str:
        text = self.tr(
            "Taught from {taught} pictures, tried on {tried} others. About {expected} of good "
            "parts will be rejected; these pictures prove at most {proved}."
        )
        said = text.format(
            taught=result.taught,
            tried=len(result.scores),
            expected=_percent(result.expected),
            proved=_percent(result.proved),
        )
        if result.wants:
            more = self.tr("{more} more good pictures could prove {promised}.")
            said += " " + more.format(more=result.wants, promised=_percent(result.promised))
        return said

    def _needed(self) -> str:
        if self.model.problem:
            return station_words(self.model.problem)
        return needed_words(self.model.what_next)


def _percent(share: float) -> str:
    return f"{100 * share:.2g}\N{NO-BREAK SPACE}%"
