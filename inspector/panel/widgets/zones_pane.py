"""Where the loaded product is inspected, and how finely."""

from __future__ import annotations

from PyQt6.QtWidgets import QVBoxLayout

from inspector.panel.models.products import ProductsModel
from inspector.panel.product_words import zone_use
from inspector.panel.widgets.view import View, card, label
from inspector.panel.widgets.zone_picture import ZonePicture


class ZonesPane(View):
    """Picture with region and zones, and what each is for."""

    def __init__(self, model: ProductsModel) -> None:
        super().__init__()
        self._model = model
        self.picture = ZonePicture()
        self.legend = label(wrap=True)
        inside = QVBoxLayout()
        inside.addWidget(self.legend)
        inside.addWidget(self.picture, 1)
        card(self, inside)

    def refresh(self) -> None:
        """Draw what the office found."""
        detail = self._model.detail
        if detail is None:
            return
        self.picture.show_picture(detail.picture)
        lines = [f"{zone.name}: {zone_use(zone)}" for zone in detail.picture.zones]
        if detail.picture.region is None:
            lines.insert(0, self.tr("The whole picture is inspected."))
        else:
            lines.insert(0, self.tr("The frame is inspected; what lies outside is cut off."))
        if not detail.picture.jpeg:
            lines = [self.tr("No good image of it is kept on this PC.")]
        self.legend.setText("\n".join(lines))
