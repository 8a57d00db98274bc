"""Where the loaded product is inspected, and how finely."""

from __future__ import annotations

from PyQt6.QtWidgets import QPushButton, QVBoxLayout

from inspector.panel.models.products import ProductsModel
from inspector.panel.product_words import zone_use
from inspector.panel.surroundings import Surroundings
from inspector.panel.widgets.view import View, card, label
from inspector.panel.widgets.zone_picture import ZonePicture
from inspector.panel.words import titled


class ZonesPane(View):
    """Picture with region and zones, and what each is for.

    Others are drawn where a product is taught: its threshold belongs to its zones.
    """

    def __init__(self, model: ProductsModel, around: Surroundings) -> None:
        super().__init__()
        self._model, self._around = model, around
        self.picture = ZonePicture()
        self.legend = label(wrap=True)
        inside = QVBoxLayout()
        inside.addWidget(self.legend)
        inside.addWidget(self.picture, 1)
        self.draw = QPushButton()
        self.draw.clicked.connect(lambda: around.go("teach"))
        inside.addWidget(self.draw)
        card(self, inside)

    def refresh(self) -> None:
        """Draw what the office found."""
        self.draw.setText(self.tr("Draw others: teach it anew …"))
        self.draw.setEnabled(self._around.desk.may("TeachProduct"))
        detail = self._model.detail
        if detail is None:
            return
        self.picture.show_picture(detail.picture)
        lines = [titled(zone.name, zone_use(zone)) for zone in detail.picture.zones]
        if detail.picture.region is None:
            lines.insert(0, self.tr("The whole picture is inspected."))
        else:
            lines.insert(0, self.tr("The frame is inspected; what lies outside is cut off."))
        if not detail.picture.jpeg:
            lines = [self.tr("No good image of it is kept on this PC.")]
        self.legend.setText("\n".join(lines))
