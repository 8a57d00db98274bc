"""The report of a calibration as one HTML file: what was promised, what is proved, what is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape

from calibration.operating import Share
from inspector.teaching.outcome import Calibrated
from inspector.teaching.report.charts import bound_chart, roc_chart, score_chart, tail_chart
from inspector.teaching.report.pictures import Exhibit, data_url
from inspector.teaching.selecting import words_of_learned, words_of_taught

_STYLE = """
:root { color-scheme: light; --ink: #1f2933; --quiet: #66717d; --line: #dde2e7; --bad: #c1502e; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 47rem; padding: 2.5rem 1.5rem 4rem; color: var(--ink);
  background: #fff; font: 1rem/1.5 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .2rem; }
h2 { font-size: 1.15rem; margin: 2.6rem 0 .5rem; }
p { margin: .5rem 0; max-width: 42rem; }
.quiet, figcaption, caption { color: var(--quiet); font-size: .875rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem;
  margin: 1.5rem 0 1rem; padding: 0; }
.figures div { border-top: 2px solid var(--ink); padding-top: .35rem; }
.figures dt { color: var(--quiet); font-size: .8125rem; }
.figures dd { margin: 0; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
.note { border-left: 3px solid var(--bad); padding: .1rem 0 .1rem .9rem; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .3rem; }
th, td { text-align: left; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
th { font-weight: 600; font-size: .875rem; }
td.n, th.n { text-align: right; }
td.hash { font: .8125rem ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace;
  overflow-wrap: anywhere; }
svg { max-width: 100%; height: auto; display: block; }
figure { margin: .75rem 0; }
.parts { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: 1rem; }
.parts figure { margin: 0; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 2px; background: var(--line); }
.pair img { width: 100%; display: block; }
.missed { color: var(--bad); font-weight: 600; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2 { break-after: avoid; } figure, tr, .figures, .note { break-inside: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  @page { margin: 16mm; }
}
"""


def page_of(made: Calibrated, at: datetime) -> bytes:
    """The whole file, UTF-8; ``at`` is the time that it bears."""
    title = f"Calibration of {made.recipe.product}"
    sections = (
        _head(made, title, at),
        _scores(made),
        _proof(made),
        _confusion(made),
        _costs(made),
        _checks(made),
        gallery("Strangest good parts", _STRANGEST, made.strangest),
        gallery("Missed and weakest defects", _WEAKEST, made.weakest),
        _identity(made, at),
    )
    return framed(title, sections)


def framed(title: str, sections: Iterable[str]) -> bytes:
    """A self-contained page of sections of HTML, UTF-8."""
    head = (
        f'<meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style>"
    )
    lines = ("<!doctype html>", f'<html lang="en"><head>{head}</head><body>', *sections)
    return "\n".join((*lines, "</body></html>", "")).encode()


_STRANGEST = (
    "Good parts of the calibration with the highest scores, as they are and with their heat. They "
    "make the threshold: one that is not good after all, or badly photographed, belongs taken out."
)
_WEAKEST = "Defective parts with the lowest scores, as they are and with their heat."


def _head(made: Calibrated, title: str, at: datetime) -> str:
    calibration = made.calibration
    figures = {
        "threshold": f"{calibration.threshold:.4g}",
        "promised false rejects": percent(calibration.promised),
        "to expect": percent(calibration.marginal),
        "proved at 95 %": f"≤ {percent(calibration.bound95)}",
        "good images": f"{calibration.images}",
        "wanted more": f"{calibration.wants_images}",
    }
    tiles = "".join(
        f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in figures.items()
    )
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in notes_of(made))
    when = f"{at:%Y-%m-%d %H:%M} UTC"
    return (
        f'<h1>{escape(title)}</h1><p class="quiet">{escape(made.runtime.label)} · {when}</p>'
        f'<dl class="figures">{tiles}</dl><p>{escape(_summary(made))}</p>{notes}'
    )


def _summary(made: Calibrated) -> str:
    calibration = made.calibration
    words = (
        f"A part is rejected above the threshold. Of new good parts like these, "
        f"{percent(calibration.marginal)} are expected to be"
    )
    if calibration.extrapolated:
        words += (
            f": the word of a model, for {calibration.images} images alone cannot say what happens "
            f"once in {1 / calibration.promised:.0f}"
        )
    words += (
        f". What the images prove, at 95 % confidence, is at most {percent(calibration.bound95)}."
    )
    if calibration.wants_images:
        words += (
            f" {calibration.wants_images} more good images could prove the promise, if none of all "
            "exceeds the threshold."
        )
    elif calibration.bound95 > calibration.promised:
        words += (
            " The threshold spends what is promised, so what is proved stays above it; more images "
            "bring it nearer."
        )
    return words


def notes_of(made: Calibrated) -> list[str]:
    """What a person must know before the figures are believed."""
    notes, images = [], made.held_out
    if not made.applies:
        rate = made.recipe.decision.false_reject_rate
        notes.append(
            f"Not applied: the recipe promises {percent(rate)}, and a line runs by its recipe. To "
            f"apply it, set decision.false_reject_rate: {made.calibration.promised:g} in the "
            "recipe and calibrate again."
        )
    if not images.teaching_known:
        notes.append(
            "This PC does not know which images the product was taught with. If any of them are "
            "among these, the threshold is too low."
        )
    if images.taught or images.copies:
        notes.append(
            f"Left out: {images.taught} that were taught, {images.copies} copies of others."
        )
    if made.calibration.cross_fitted:
        notes.append(
            "Several checks share one promise, or learn from the images that calibrate: both are "
            "cross-fitted, which is nearly, not exactly, what a new part meets."
        )
    notes += words_of_taught(made.bundle.manifest) + words_of_learned(made.calibration)
    if made.selection is not None:
        useful = ", ".join(made.selection.useful) or "none of its features"
        notes.append(
            f"mt: by an orthogonal array, what helps to tell these defects is {useful}. Told of "
            "the defects given, never applied: name them in the recipe (features) to have it."
        )
    return notes


def _scores(made: Calibrated) -> str:
    defective = made.defective_scores
    counts = f"{made.good_scores.size} good images that were not taught"
    if defective.size:
        counts += f", {defective.size} defective ones"
    return (
        f"<h2>Scores</h2><figure>{score_chart(made.calibration, made.good_scores, defective)}"
        f"<figcaption>{counts}.</figcaption></figure>"
        f"<figure>{tail_chart(made.calibration)}<figcaption>Dots: calibration images by "
        "rank. Line: generalised-Pareto tail, fitted to the largest fifth. The threshold lies "
        "where the promise is met: by rank where the images reach so far, else by the tail, and "
        "never below the largest score then.</figcaption></figure>"
    )


def _proof(made: Calibrated) -> str:
    return (
        f"<h2>What the images prove</h2><figure>{bound_chart(made.calibration)}<figcaption>Line: "
        "the best that so many images can prove, when none of them exceeds the threshold (Clopper "
        "and Pearson, one-sided).</figcaption></figure>"
    )


def _confusion(made: Calibrated) -> str:
    rows = [("good, calibration", Share.of(made.exceeding, made.calibration.images))]
    if made.false_rejects is not None:
        rows.append(("good, neither taught nor calibrated", made.false_rejects))
    cells = [
        (name, share.images - share.events, share.events, f"{_rates(share)} rejected")
        for name, share in rows
    ]
    if made.escapes is not None:
        cells += [
            (name, share.events, share.images - share.events, f"{_rates(share)} escaped")
            for name, share in [("defective", made.escapes), *_kinds(made)]
        ]
    missing = "" if made.escapes else '<p class="quiet">No labelled defects were given.</p>'
    counts = table(("Part", "passed", "rejected", "rate (95 % interval)"), cells, numbers={1, 2})
    return f"<h2>At this threshold</h2>{counts}{missing}"


def _kinds(made: Calibrated) -> list[tuple[str, Share]]:
    kinds = made.escapes_by_category
    return [(f"· {name}", share) for name, share in kinds.items()] if len(kinds) > 1 else []


def _costs(made: Calibrated) -> str:
    if made.auroc is None or made.escapes is None:
        return ""
    good, bad = made.good_scores, made.defective_scores
    threshold = made.calibration.threshold
    here = float((good > threshold).mean()), float((bad > threshold).mean())
    rows = [
        (
            f"{one.cost_ratio:g} : 1",
            f"{one.threshold:.4g}",
            percent(one.false_reject_rate),
            _counted(one.false_rejects),
            _counted(one.escapes),
        )
        for one in made.alternatives
    ]
    heads = ("Escape : false reject", "threshold", "as a promise", "good rejected", "escaped")
    curve = roc_chart(made.roc, here, made.alternatives)
    return (
        f"<h2>Other thresholds</h2><figure>{curve}<figcaption>"
        f"Area under the curve {made.auroc:.4f}: {good.size} good images that were not taught "
        f"against {bad.size} defective ones.</figcaption></figure>"
        f"{table(heads, rows, numbers=set())}"
        '<p class="quiet">Told, never applied: the cheapest thresholds for what an escape costs in '
        "false rejects, with as many defective parts as good ones. Where one part in 100 is "
        "defective, 1 : 1 stands for an escape that costs 99 false rejects. They were chosen on "
        "the images that they are told of, which flatters them. To have one, give the recipe its "
        "promise (decision.false_reject_rate) and calibrate again.</p>"
    )


def _checks(made: Calibrated) -> str:
    calibration = made.calibration
    rows = [
        (check.name, f"{check.threshold:.4g}", f"{spec.weight:g}", f"{above}", f"{alone}")
        for check, spec, (above, alone) in zip(
            calibration.checks, calibration.basis.checks, made.spent, strict=True
        )
    ]
    heads = ("Check", "threshold", "weight", "false rejects", "by it alone")
    note = f"Of the {calibration.images} calibration images."
    return f"<h2>Checks</h2>{table(heads, rows, numbers={1, 2, 3, 4}, caption=note)}"


def gallery(title: str, words: str, exhibits: Sequence[Exhibit]) -> str:
    """Pictures with their captions; nothing without any."""
    if not exhibits:
        return ""
    figures = "".join(_figure(exhibit) for exhibit in exhibits)
    return f'<h2>{title}</h2><p class="quiet">{words}</p><div class="parts">{figures}</div>'


def _figure(exhibit: Exhibit) -> str:
    name = escape(f"{exhibit.kind}/{exhibit.name}")
    images = "".join(
        f'<img alt="{name}, {kind}" src="{data_url(jpeg)}">'
        for kind, jpeg in (("as it is", exhibit.plain), ("with heat", exhibit.heated))
        if jpeg is not None
    )
    verdict = "rejected" if exhibit.rejected else "passed"
    return (
        f'<figure><div class="pair">{images}</div><figcaption>{name}<br><b>{verdict}</b>, '
        f"{escape(exhibit.words)}</figcaption></figure>"
    )


def _identity(made: Calibrated, at: datetime) -> str:
    rows = [
        *made.identity().items(),
        ("images", made.source),
        ("file", str(made.file) if made.applies else "not written"),
        ("made", at.isoformat(timespec="seconds")),
    ]
    cells = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td class="hash">{escape(value)}</td></tr>'
        for name, value in rows
    )
    return f"<h2>Identity</h2><table>{cells}</table>"


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    numbers: set[int],
    caption: str = "",
) -> str:
    """Rows of text; ``numbers`` are the columns that are aligned to the right."""

    def cell(tag: str, column: int, text: object) -> str:
        kind = ' class="n"' if column in numbers else ""
        return f"<{tag}{kind}>{escape(str(text))}</{tag}>"

    def row(tag: str, cells: Sequence[object]) -> str:
        return "<tr>" + "".join(cell(tag, i, text) for i, text in enumerate(cells)) + "</tr>"

    body = "".join(row("td", cells) for cells in rows)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead>{row('th', heads)}</thead><tbody>{body}</tbody></table>"


def _counted(share: Share) -> str:
    return f"{share.events} of {share.images}: {_rates(share)}"


def _rates(share: Share) -> str:
    return f"{percent(share.rate)} ({percent(share.low)} to {percent(share.high)})"


def percent(rate: float) -> str:
    """A share in percent, three digits at most."""
    return f"{100 * rate:.3g} %" if rate < 0.9995 else f"{100 * rate:.4g} %"
