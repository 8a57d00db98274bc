"""Sheets: what is asked over a screen, with a way to confirm and one to leave."""

from __future__ import annotations

from PyQt6.QtCore import QCoreApplication, Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from inspector.panel.widgets.view import View, label, restyle


class Sheet(View):
    """Lies over the screen, never over the verdict strip. Emits one of two signals, then goes.

    Words are given in the language in use; a switch of the language dismisses the sheet. Without
    ``confirm`` there is only the way to leave. ``dangerous`` marks what cannot be taken back.
    """

    confirmed = pyqtSignal()
    cancelled = pyqtSignal()
    gone = pyqtSignal()
    """Follows either."""

    def __init__(
        self,
        title: str,
        content: QWidget,
        *,
        confirm: str = "",
        cancel: str = "",
        dangerous: bool = False,
    ) -> None:
        super().__init__()
        self.setObjectName("sheet")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = label("title", wrap=True)
        self.title.setText(title)
        self.content = content
        leave = (
            QCoreApplication.translate("Sheet", "Cancel")
            if confirm
            else QCoreApplication.translate("Sheet", "Close")
        )
        self.cancel = QPushButton(cancel or leave)
        self.confirm = QPushButton(confirm)
        self.confirm.setVisible(bool(confirm))
        restyle(self.confirm, "primary", not dangerous)
        restyle(self.confirm, "dangerous", dangerous)
        self.cancel.clicked.connect(self.dismiss)
        self.confirm.clicked.connect(self._confirm)
        buttons = QHBoxLayout()
        buttons.addWidget(self.cancel, 1)
        buttons.addWidget(self.confirm, 2)
        page = QFrame()
        page.setObjectName("page")
        inside = QVBoxLayout(page)
        inside.setContentsMargins(20, 16, 20, 16)
        inside.setSpacing(16)
        inside.addWidget(self.title)
        inside.addWidget(content, 1)
        inside.addLayout(buttons)
        around = QVBoxLayout(self)
        around.addWidget(page)

    def allow(self, on: bool) -> None:
        """Whether it may be confirmed as it stands."""
        self.confirm.setEnabled(on)

    def dismiss(self) -> None:
        """Go, as if cancelled."""
        self.cancelled.emit()
        self._go()

    def _confirm(self) -> None:
        self.confirmed.emit()
        self._go()

    def _go(self) -> None:
        self.hide()
        self.gone.emit()
        self.deleteLater()
