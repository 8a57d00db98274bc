"""The teach screen without its pixels: five steps from a name to a product that runs."""

from __future__ import annotations

from inspector.core.state import StationState
from inspector.link.messages import Halt, SelectAutomatic, SelectProduct
from inspector.link.questions.products import ListTiles, Tile, Tiles
from inspector.link.questions.teaching import (
    Draft,
    DraftPicture,
    FetchPictures,
    LeaveOut,
    Lesson,
    ListDraft,
    PicturesAdded,
    ShowDraft,
    Shown,
    TakePictures,
    TaughtProduct,
    TeachProduct,
    Tried,
    TryMethods,
)
from inspector.panel.models.desk import Desk, Following
from inspector.panel.models.drawing import Drawing, Drawn
from inspector.panel.models.live import LiveModel
from inspector.panel.models.screen import ScreenModel
from inspector.panel.models.teach_steps import (
    BY_DEFAULT,
    TAKEN,
    Next,
    Step,
    needed_by,
    product_of,
)

_AT_ONCE = 24
_LARGE_PX = 1600


class TeachModel(ScreenModel):
    """Qt-free; GUI thread. What was gathered stays in the office when the panel goes."""

    def __init__(self, desk: Desk, live: LiveModel) -> None:
        super().__init__(desk)
        self.live = live
        self.step = Step.PRODUCT
        self.tiles: tuple[Tile, ...] = ()
        self.product = ""
        self.title = ""
        self.draft: Draft | None = None
        self.rate = 0.01
        self.method, self.side = BY_DEFAULT, 0
        self.drawing = Drawing()
        self.pictures: dict[str, bytes] = {}
        """Small ones by name."""
        self.large: tuple[str, bytes] = ("", b"")
        self.chosen = ""
        """The picture that is looked at; empty: the newest."""
        self.aside: list[str] = []
        """Laid aside here, the last one last."""
        self.job: Following | None = None
        self.tried: Tried | None = None
        self.result: TaughtProduct | None = None
        self._adopted = False
        self._waits_for_halt = 0
        self._loading = False
        self._seen: object = None
        live.changed.connect(self._station_changed)

    # -- what there is --------------------------------------------------------------------------

    @property
    def working(self) -> bool:
        """A job is under way, or waits for the station to halt."""
        return bool(self._waits_for_halt) or (self.job is not None and not self.job.ended)

    @property
    def count(self) -> int:
        """Pictures to teach from."""
        return len(self.draft.pictures) if self.draft is not None else 0

    @property
    def enough(self) -> bool:
        """It can be taught."""
        return self.draft is not None and self.count >= self.draft.least

    @property
    def missing(self) -> int:
        """Pictures that are still wanted for the rate that is asked for."""
        return max(0, self.draft.wanted - self.count) if self.draft is not None else 0

    @property
    def shown(self) -> DraftPicture | None:
        """The picture that is looked at."""
        if self.draft is None or not self.draft.pictures:
            return None
        found = (one for one in self.draft.pictures if one.name == self.chosen)
        return next(found, self.draft.pictures[-1])

    @property
    def can_leave_out(self) -> bool:
        """While pictures come in, the newest may be another one when the finger is down."""
        return self.shown is not None and (bool(self.chosen) or not self.working)

    @property
    def running(self) -> bool:
        """The line produces: nothing is captured or taught."""
        state = self.live.state
        return state is not None and state.running

    @property
    def halted(self) -> bool:
        """The cameras are free."""
        return self.live.state is StationState.HALTED

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
        if self._loading:
            return Next.LOADING
        return needed_by(self.product, None if self.halted else self.live.status)

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

    # -- pictures -------------------------------------------------------------------------------

    def take(self, count: int = TAKEN) -> None:
        """Have the line's cameras take pictures; the station lets go of them first."""
        if self.running or self.working:
            return
        self._waits_for_halt = count
        self.chosen = ""
        if self.halted:
            self._station_changed()
        else:
            self.desk.send(Halt(), refused=self._not_halted)
        self.changed.emit()

    def fetch(self, source: str) -> None:
        """Copy pictures that lie ready."""
        self.job = self.desk.run(FetchPictures(self.product, source), self._job_changed)
        self.changed.emit()

    def look(self, name: str) -> None:
        """Look at one picture."""
        self.chosen = name
        self.look_closely()
        self.changed.emit()

    def leave_out(self) -> None:
        """The picture that is looked at is no good part."""
        shown = self.shown
        if shown is None or self.draft is None:
            return
        names = [one.name for one in self.draft.pictures]
        place = names.index(shown.name)
        self.chosen = names[place + 1] if place + 1 < len(names) else ""
        self.aside.append(shown.name)
        self.ask(LeaveOut(self.product, (shown.name,)), lambda _: self._list(), "aside")

    def take_back(self) -> None:
        """The one that was laid aside last."""
        if self.aside:
            name = self.chosen = self.aside.pop()
            question = LeaveOut(self.product, (name,), back=True)
            self.ask(question, lambda _: self._list(), "aside")

    def look_closely(self) -> None:
        """The picture to draw on, large."""
        shown = self.shown
        if shown is not None and self.large[0] != shown.name:
            name = shown.name

            def take(answer: Shown) -> None:
                self.large = (name, answer.pictures[0])

            self.ask(ShowDraft(self.product, (name,), _LARGE_PX), take, "large")

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

    def load(self) -> None:
        """Let the line take the product."""
        self._loading = True
        self.desk.send(SelectProduct(self.product), refused=self._not_loaded)
        self.changed.emit()

    def load_old(self) -> None:
        """Let the line take what it had; the cameras are its own again."""
        self.desk.send(SelectAutomatic())

    def cancel(self) -> None:
        """Stop what is under way; pictures that were taken stay."""
        self._waits_for_halt = 0
        if self.job is not None:
            self.job.cancel()
        self.changed.emit()

    # -- answers --------------------------------------------------------------------------------

    def _begin(self, product: str, title: str) -> None:
        if product != self.product:
            self.draft, self.result, self.tried, self.job = None, None, None, None
            self.pictures, self.large, self.aside, self.chosen = {}, ("", b""), [], ""
            self.method, self.side, self.rate = BY_DEFAULT, 0, 0.01
            self.drawing = Drawing()
            self._adopted = False
        self.product, self.title = product, title
        self.step = Step.PICTURES
        self._list()

    def _list(self) -> None:
        self.ask(ListDraft(self.product, self.rate), self._take_draft, "draft")

    def _take_tiles(self, tiles: Tiles) -> None:
        self.tiles = tiles.entries

    def _take_draft(self, draft: Draft) -> None:
        if draft.product != self.product:
            return
        self.draft = draft
        if not self._adopted and draft.size != (0, 0):
            self._adopted = True
            self.drawing.begin(draft.size, Drawn(draft.region, draft.zones))
            if draft.known:
                self.method = draft.method
                if draft.rate != self.rate:
                    self.ask_for(draft.rate)
        self._show()

    def _show(self) -> None:
        """Small pictures that are not here yet."""
        assert self.draft is not None
        names = [one.name for one in self.draft.pictures if one.name not in self.pictures]
        if not names and not self.working:
            self.look_closely()
        if not names or "small" in self._open:
            return
        wanted = tuple(names[-_AT_ONCE:])

        def take(answer: Shown) -> None:
            self.pictures.update(zip(wanted, answer.pictures, strict=False))
            self._show()

        self.ask(ShowDraft(self.product, wanted, 320), take, "small")

    def _lesson(self) -> Lesson:
        status = self.live.status
        drawn = self.drawing.drawn
        like = status.product if status is not None else ""
        known = self.draft is not None and self.draft.known
        title = "" if known else self.title  # one that has names keeps them, in both languages
        return Lesson(self.product, title, like, self.rate, drawn.region, drawn.zones)

    def _station_changed(self) -> None:
        if self._waits_for_halt and self.halted:
            count, self._waits_for_halt = self._waits_for_halt, 0
            status = self.live.status
            like = status.product if status is not None else ""
            question = TakePictures(self.product, like, count)
            self.job = self.desk.run(question, self._job_changed)
        status = self.live.status
        if self._loading and status is not None and status.product == self.product:
            done = {StationState.READY, StationState.INITIALIZED, StationState.ERROR}
            self._loading = status.state not in done
        seen = (self.live.state, status and (status.product, status.locked), self.working)
        if seen != self._seen:  # snapshots come five times a second
            self._seen = seen
            self.changed.emit()

    def _not_halted(self, reason: str) -> None:
        self._waits_for_halt = 0
        self.problem = reason
        self.changed.emit()

    def _not_loaded(self, reason: str) -> None:
        self._loading = False
        self.problem = reason
        self.changed.emit()

    def _job_changed(self) -> None:
        job = self.job
        if job is None:
            return
        gathers = isinstance(job.question, TakePictures | FetchPictures)
        if gathers and "draft" not in self._open:
            self._list()
        if isinstance(job.result, PicturesAdded):
            self._list()
        elif isinstance(job.result, Tried) and job.ended:
            self.tried = job.result
            best = next((one for one in self.tried.candidates if one.in_time), None)
            if best is not None:
                self.method, self.side = best.method, best.side
        elif isinstance(job.result, TaughtProduct) and job.ended:
            self.result = job.result
            self.step = Step.RESULT
        self.changed.emit()
