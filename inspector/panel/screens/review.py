"""Review: parts that a person judges again, and what another false-reject rate would change."""

from __future__ import annotations

from dataclasses import replace

from PyQt6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from inspector.link.questions.parts import Which
from inspector.link.questions.what_if import WhatIf
from inspector.panel.models.lessons import LessonsModel
from inspector.panel.models.part_review import PartTile
from inspector.panel.models.review import HOURS, PartFilter, ReviewModel
from inspector.panel.models.what_if import WhatIfModel
from inspector.panel.review_words import finding_words, reason_words
from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.choices import Choice, ChoiceRows, DefectClasses
from inspector.panel.widgets.gallery import Gallery
from inspector.panel.widgets.lessons_pane import LessonsPane
from inspector.panel.widgets.part_pane import PartPane
from inspector.panel.widgets.screen import Screen
from inspector.panel.widgets.sheet import Sheet
from inspector.panel.widgets.standing import StandingPane
from inspector.panel.widgets.view import label, restyle
from inspector.panel.widgets.what_if_pane import WhatIfPane

SHOWN: tuple[Which, ...] = ("rejects", "borderline", "passes")


class ReviewScreen(Screen):
    """Three places: the gallery, a part, and what if."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self._metrics: Metrics | None = None
        self.model = ReviewModel(around.desk, self._who)
        self.what_if = WhatIfModel(around.desk)
        self.lessons = LessonsModel(around.desk, around.model.live)
        self.teaching = False
        """Whether what people said is going to be taught."""
        self._counted: object = None
        self.asking = False
        """Whether what-if is shown in place of the gallery."""
        self.kinds: dict[Which, QPushButton] = {which: choice_button() for which in SHOWN}
        self.what_if_button = choice_button()
        self.narrow, self.unjudged = QPushButton(), QPushButton()
        self.counts = label("muted", wrap=True)
        self.teach = QPushButton()
        self.lessons_pane = LessonsPane(self.lessons, around)
        self.gallery = Gallery(self._reason)
        self.part = PartPane(self.model, self._name_defect)
        self.what_if_pane = WhatIfPane(self.what_if, Gallery(self._reason), self._propose)
        self.what_if_pane.pictures = lambda: self.model.thumbnails
        self._connect()
        self._lay_out()
        self.model.changed.connect(self.refresh)
        self.lessons.changed.connect(self._offer_lessons)
        self.refresh()

    def enter(self) -> None:
        """The newest parts."""
        if self.model.part.tile is None and not self.asking:
            self.model.reload()

    def rescale(self, metrics: Metrics) -> None:
        """Sizes."""
        self._metrics = metrics
        for pane in (self.gallery, self.part, self.what_if_pane, self.lessons_pane):
            pane.rescale(metrics)

    def refresh(self) -> None:
        """Show the place where one is."""
        model = self.model
        opened = model.part.tile is not None
        self._places.setCurrentIndex(1 if opened else 2 if self.teaching else 0)
        if opened:
            self.part.refresh()
            return
        if model.reviews is not None and model.reviews is not self._counted:
            self._counted = model.reviews  # somebody judged: there may be more to teach
            self.lessons.enter(model.reviews.product)
        self._offer_lessons()
        self._under.setCurrentIndex(1 if self.asking else 0)
        self._refresh_head()
        if self.asking:
            self.what_if_pane.refresh()
        else:
            self.gallery.show_tiles(model.tiles, model.thumbnails, more=model.next > 0)
            self.counts.setText(self._counts())

    # -- making -----------------------------------------------------------------------------------

    def _connect(self) -> None:
        group = QButtonGroup(self)
        for button in (*self.kinds.values(), self.what_if_button):
            group.addButton(button)
        for which, button in self.kinds.items():
            button.clicked.connect(lambda _=False, which=which: self._show(which))
        self.what_if_button.clicked.connect(self._ask_what_if)
        self.teach.clicked.connect(lambda: self._turn_to_lessons(on=True))
        self.lessons_pane.left.connect(lambda: self._turn_to_lessons(on=False))
        self.narrow.clicked.connect(self._choose_filter)
        self.unjudged.clicked.connect(
            lambda: self.model.narrow(
                replace(self.model.filter, unjudged=not self.model.filter.unjudged)
            )
        )
        self.gallery.opened.connect(self.model.open)
        self.gallery.more_wanted.connect(self.model.more)
        for gallery in (self.gallery, self.what_if_pane.gallery):
            gallery.seen.connect(self.model.want)
        self.what_if_pane.opened.connect(self._open_flip)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        for button in (*self.kinds.values(), self.what_if_button):
            head.addWidget(button, 3)
        head.addSpacing(24)  # what follows narrows, and is no place of its own
        for key in (self.unjudged, self.narrow):
            key.setObjectName("choice")
            head.addWidget(key, 3)
        standing = StandingPane(self.model, self.gallery, lambda: self.tr("There is no such part."))
        page = QWidget()
        inside = QVBoxLayout(page)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(standing, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.counts, 3)
        foot.addWidget(self.teach, 1)
        inside.addLayout(foot)
        under = QWidget()
        self._under = QStackedLayout(under)
        self._under.addWidget(page)
        self._under.addWidget(self.what_if_pane)
        lists = QWidget()
        column = QVBoxLayout(lists)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(under, 1)
        self._places = QStackedLayout(self)
        self._places.addWidget(lists)
        self._places.addWidget(self.part)
        self._places.addWidget(self.lessons_pane)

    def _refresh_head(self) -> None:
        chosen = self.model.filter
        names: dict[Which, str] = {
            "rejects": self.tr("Rejects"),
            "borderline": self.tr("Borderline"),
            "passes": self.tr("Passes"),
        }
        for which, button in self.kinds.items():
            button.setText(names[which])
            button.setChecked(not self.asking and chosen.which == which)
        self.what_if_button.setText(self.tr("What if?"))
        self.what_if_button.setChecked(self.asking)
        self.unjudged.setText(self.tr("Unjudged"))
        self.unjudged.setVisible(not self.asking)
        restyle(self.unjudged, "primary", chosen.unjudged)
        narrowed = chosen.narrowed
        self.narrow.setText(self.tr("Filter") + (f" ({narrowed})" if narrowed else ""))
        restyle(self.narrow, "primary", narrowed > 0)

    def _counts(self) -> str:
        reviews = self.model.reviews
        if reviews is None:
            return ""
        judged = reviews.true + reviews.false + reviews.unsure
        text = self.tr(
            "{judged} of {all} rejects judged: {true} true, {false} false, {unsure} unsure; "
            "{missed} missed"
        ).format(
            judged=f"{judged:,}",
            all=f"{reviews.rejected:,}",
            true=reviews.true,
            false=reviews.false,
            unsure=reviews.unsure,
            missed=reviews.missed,
        )
        if reviews.rate is not None:
            rate, low, high = (f"{100 * one:.2g}" for one in reviews.rate)
            said = self.tr("good parts rejected: {rate} % ({low} to {high} %)")
            text += " · " + said.format(rate=rate, low=low, high=high)
        return text

    # -- what is touched --------------------------------------------------------------------------

    def _who(self) -> str:
        session = self.around.model.session.session
        return session.user if session is not None else ""

    def _reason(self, tile: PartTile) -> str:
        if tile.reason:
            return reason_words(tile.reason)
        return finding_words(tile.finding, passed=tile.passed) if tile.finding else ""

    def _offer_lessons(self) -> None:
        """The way to teach what people said, while there is something."""
        self.teach.setText(self.tr("Teach these ({n}) …").format(n=self.lessons.count))
        self.teach.setVisible(self.lessons.count > 0)

    def _turn_to_lessons(self, *, on: bool) -> None:
        self.teaching = on
        if not on:
            self.model.reload()
        self.refresh()

    def _show(self, which: Which) -> None:
        self.asking = False
        self.model.narrow(replace(self.model.filter, which=which))

    def _ask_what_if(self) -> None:
        self.asking = True
        chosen = self.model.filter
        since = self.model.since_us
        product = chosen.product or self._product()
        self.what_if.enter(WhatIf(product, chosen.lot, since))
        self.refresh()

    def _product(self) -> str:
        status = self.around.model.live.status
        return status.product if status is not None else ""

    def _open_flip(self, record: int) -> None:
        pane = self.what_if_pane
        self.model.open_of(self.what_if.tiles(to_reject=pane.to_reject), record)

    def _propose(self) -> None:
        proposal = self.what_if.proposal
        if proposal is not None:
            kept = self.tr("The draft is kept. An engineer calibrates and releases it.")
            self.around.sign(proposal, lambda: self.around.say(kept))

    def _choose_filter(self) -> None:
        reviews, chosen = self.model.reviews, self.model.filter
        reasons = reviews.reasons if reviews is not None else ()
        lots = reviews.lots if reviews is not None else ()
        products = reviews.products if reviews is not None else ()
        hours = {
            0: self.tr("Any time"),
            1: self.tr("Last hour"),
            8: self.tr("8 hours"),
            24: self.tr("24 hours"),
            168: self.tr("7 days"),
        }
        every = self.tr("All")
        draft = [chosen]

        def choice(words: str, **to: object) -> Choice:
            def choose() -> None:
                draft[0] = replace(draft[0], **to)  # type: ignore[arg-type]  # one of its fields

            return Choice(words, all(getattr(chosen, k) == v for k, v in to.items()), choose)

        groups = [
            (
                self.tr("Reason"),
                [choice(every, reason=""), *(choice(reason_words(r), reason=r) for r in reasons)],
            ),
            (self.tr("Time"), [choice(hours[h], hours=h) for h in (0, *HOURS[:-1])]),
            (self.tr("Lot"), [choice(every, lot=""), *(choice(lot, lot=lot) for lot in lots)]),
            (
                self.tr("Product"),
                [choice(every, product=""), *(choice(p, product=p) for p in products)],
            ),
        ]
        sheet = Sheet(self.tr("Which parts?"), ChoiceRows(groups), confirm=self.tr("Show them"))
        sheet.confirmed.connect(lambda: self._narrowed(draft[0]))
        self.around.lay(sheet)

    def _narrowed(self, chosen: PartFilter) -> None:
        self.model.narrow(chosen)
        if self.asking:
            self._ask_what_if()

    def _name_defect(self) -> None:
        reviews, metrics = self.model.reviews, self._metrics
        if metrics is None:
            return
        classes = DefectClasses(
            reviews.classes if reviews is not None else (),
            self.tr("Another class"),
            self.around.language,
            metrics,
        )
        sheet = Sheet(
            self.tr("Class of the defect"), classes, confirm=self.tr("Use what was typed")
        )
        sheet.allow(on=False)
        classes.field.edit.textChanged.connect(lambda text: sheet.allow(on=bool(text.strip())))

        def chosen(defect: str) -> None:
            self.model.part.name_defect(defect)
            sheet.dismiss()

        classes.chosen.connect(chosen)
        sheet.confirmed.connect(lambda: self.model.part.name_defect(classes.field.text))
        self.around.lay(sheet)
