"""The teach screen without its pixels: five steps from a name to a product that runs."""

from __future__ import annotations

from inspector.link.questions.products import ListTiles, Tile, Tiles
from inspector.link.questions.teaching import (
    Draft,
    Lesson,
    TaughtProduct,
    TeachProduct,
    Tried,
    TryMethods,
)
from inspector.panel.models.desk import Desk
from inspector.panel.models.drawing import Drawing, Drawn
from inspector.panel.models.gathering import GatheringModel
from inspector.panel.models.live import LiveModel
from inspector.panel.models.teach_steps import BY_DEFAULT, Next, Step, product_of
from inspector.panel.models.to_the_line import ToTheLine


class TeachModel(GatheringModel):
    """Qt-free; GUI thread."""

    def __init__(self, desk: Desk, live: LiveModel) -> None:
        self.line = ToTheLine(desk, live)
        super().__init__(desk, live)
        self.step = Step.PRODUCT
        self.tiles: tuple[Tile, ...] = ()
        self.title = ""
        self.method, self.side = BY_DEFAULT, 0
        self.drawing = Drawing()
        self.tried: Tried | None = None
        self.result: TaughtProduct | None = None
        self._adopted = False
        self._seen: object = None
        self.line.changed.connect(self._line_changed)

    # -- what there is --------------------------------------------------------------------------

    @property
    def may_teach(self) -> bool:
        """Not everybody who may gather pictures may teach."""
        return self.desk.may("TeachProduct")

    @property
    def ready(self) -> bool:
        """The next step may be taken."""
        if self.working:
            return False
        match self.step:
            case Step.PRODUCT:
                return True
            case Step.PICTURES | Step.DRAW:
                return self.enough and not self.drawing.drawn.corners
            case Step.METHOD:
                return self.enough and self.may_teach and not self.running
            case Step.RESULT:
                return self.what_next is not Next.LOADING

    @property
    def what_next(self) -> Next:
        """What the product needs before it runs."""
        return self.line.what_next

    def proposed(self) -> str:
        """A name that no product has."""
        taken = {tile.product for tile in self.tiles}
        return next(f"product-{n}" for n in range(1, 1000) if f"product-{n}" not in taken)

    # -- steps ----------------------------------------------------------------------------------

    def enter(self) -> None:
        """It comes into sight."""
        self.reload()

    def reload(self) -> None:
        """Ask for what this step shows."""
        self.ask(ListTiles(240), self._take_tiles, "tiles")
        if self.product and self.step > Step.PRODUCT:
            self._list()

    def begin(self, title: str) -> None:
        """A new product of this name; one that is there is taught anew."""
        product = product_of(title) or self.proposed()
        self._begin(product, title.strip() or product)

    def choose(self, product: str) -> None:
        """Teach one anew."""
        tile = next((one for one in self.tiles if one.product == product), None)
        self._begin(product, tile.title.get("en", product) if tile is not None else product)

    def back(self) -> None:
        """One step back."""
        if not self.working:
            self.step = Step(max(0, self.step - 1))
            self.reload()
            self.changed.emit()

    def forward(self) -> None:
        """One step on."""
        if not self.ready or self.step in {Step.PRODUCT, Step.RESULT}:
            return
        if self.step is Step.METHOD:
            self.teach()
            return
        self.step = Step(self.step + 1)
        if self.step is Step.DRAW:
            self.look_closely()
        self.changed.emit()

    def names(self, language: str) -> str:
        """What the product is called."""
        tile = next((one for one in self.tiles if one.product == self.product), None)
        return tile.title.get(language, self.title) if tile is not None else self.title

    # -- teaching -------------------------------------------------------------------------------

    def ask_for(self, rate: float) -> None:
        """So many good parts may be rejected."""
        self.rate = rate
        self._list()

    def use(self, method: str, side: int = 0) -> None:
        """Teach this way."""
        self.method, self.side = method, side
        self.changed.emit()

    def try_several(self) -> None:
        """Have candidates taught and ranked; the best one is chosen."""
        self.tried = None
        self.job = self.desk.run(TryMethods(self._lesson()), self._job_changed)
        self.changed.emit()

    def teach(self) -> None:
        """Teach."""
        self.result = None
        question = TeachProduct(self._lesson(), self.method, self.side)
        self.job = self.desk.run(question, self._job_changed)
        self.changed.emit()

    # -- answers --------------------------------------------------------------------------------

    def _begin(self, product: str, title: str) -> None:
        if product != self.product:
            self._forget()
            self.result, self.tried = None, None
            self.method, self.side, self.rate = BY_DEFAULT, 0, 0.01
            self.drawing = Drawing()
            self._adopted = False
        self.product = self.line.product = product
        self.title = title
        self.step = Step.PICTURES
        self._list()

    def _take_tiles(self, tiles: Tiles) -> None:
        self.tiles = tiles.entries

    def _adopt(self, draft: Draft) -> None:
        if not self._adopted and draft.size != (0, 0):
            self._adopted = True
            self.drawing.begin(draft.size, Drawn(draft.region, draft.zones))
            if draft.known:
                self.method = draft.method
                if draft.rate != self.rate:
                    self.ask_for(draft.rate)

    def _lesson(self) -> Lesson:
        drawn = self.drawing.drawn
        known = self.draft is not None and self.draft.known
        title = "" if known else self.title  # one that has names keeps them, in both languages
        return Lesson(self.product, title, self._like(), self.rate, drawn.region, drawn.zones)

    def _station_changed(self) -> None:
        super()._station_changed()
        status = self.live.status
        seen = (self.live.state, status and (status.product, status.locked), self.working)
        if seen != self._seen:  # snapshots come five times a second
            self._seen = seen
            self.changed.emit()

    def _line_changed(self) -> None:
        self.problem = self.line.problem
        self.changed.emit()

    def _job_changed(self) -> None:
        job = self.job
        if job is not None and job.ended and isinstance(job.result, Tried):
            self.tried = job.result
            best = next((one for one in self.tried.candidates if one.in_time), None)
            if best is not None:
                self.method, self.side = best.method, best.side
        elif job is not None and job.ended and isinstance(job.result, TaughtProduct):
            self.result = job.result
            self.step = Step.RESULT
        super()._job_changed()
