"""What a changeover changes, and one product whole: in what was taught, calibrated and released."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import inspector
from calibration.threshold import Calibration, read_calibration
from engines.bundle import Bundle, open_bundle
from engines.runtimes.trial import resolved
from inspector.core.canonical import hash_of
from inspector.core.deciding import DecidingTuple
from inspector.core.errors import BundleError, InspectorError
from inspector.core.recipe import Recipe
from inspector.limits.check import Conditions, load_check, why_invalid
from inspector.limits.masters import load_masters
from inspector.link.questions.products import (
    Compared,
    CompareProducts,
    Difference,
    Group,
    ProductPicture,
    ZoneShape,
)
from inspector.office.answers.products import good_image, titles
from inspector.office.room import Answers, Room
from inspector.preparation import preparation_hash, taught_reference
from inspector.release.difference import changes
from inspector.release.releases import Releases
from inspector.station.devices import optics_of
from inspector.station.judging import taught_bundle
from inspector.teaching.bundles import calibration_path, check_preparation, compiled_folder

SHORT = 12
"""Characters of a hash that people compare."""


@dataclass(frozen=True, slots=True)
class _Loadable:
    """What the station would load for a product."""

    recipe: Recipe
    bundle: Bundle
    calibration: Calibration | None

    @property
    def deciding(self) -> DecidingTuple:
        calibration = self.calibration
        return DecidingTuple(
            recipe=self.recipe.hash,
            preparation=self.bundle.preparation_hash,
            bundle=self.bundle.hash,
            calibration=calibration.hash if calibration else "",
            fingerprint=calibration.fingerprint if calibration else "",
            software=inspector.__version__,
        )


def _loadable(product: str, room: Room) -> _Loadable:
    """Raises ``InspectorError`` with why the station would not load it, as far as files tell."""
    recipe, folder = room.catalogue.recipe(product), room.data_folder
    bundle = open_bundle(taught_bundle(folder, product))
    optics = optics_of(room.config, folder)
    corrections = optics.corrections(recipe.preparation)
    identity = preparation_hash(recipe.preparation, corrections, taught_reference(bundle))
    check_preparation(bundle, recipe.preparation, identity)
    runtime = resolved(room.config.runtime, bundle, compiled_folder(folder))
    file = calibration_path(bundle.path, runtime.label)
    calibration = read_calibration(file) if file.exists() else None
    rate = recipe.decision.false_reject_rate
    wrong = calibration.promised != rate if calibration else room.config.production
    if wrong:
        raise BundleError(f"{product}: not calibrated for {rate:g}", remedy="Calibrate it first")
    return _Loadable(recipe, bundle, calibration)


def compare_products(question: CompareProducts, room: Room) -> Compared:
    """Raises ``InspectorError`` where the other product's recipe cannot be read."""
    recipe = room.catalogue.recipe(question.other)
    picture = picture_of_product(recipe, room, question.longest)
    other: _Loadable | None = None
    problem = ""
    try:
        other = _loadable(question.other, room)
    except InspectorError as error:
        problem = str(error)
    differences = tuple(_differences(question, other, recipe, room))
    unreleased, limits_due = _locks(other, room) if other and room.config.production else ("", "")
    return Compared(
        question.other, titles(recipe), picture, differences, problem, unreleased, limits_due
    )


def _differences(
    question: CompareProducts, other: _Loadable | None, recipe: Recipe, room: Room
) -> Iterator[Difference]:
    before: _Loadable | None = None
    old_recipe: Recipe | None = None
    try:  # what is loaded now may be broken by now: then everything is new
        old_recipe = room.catalogue.recipe(question.now) if question.now else None
        before = _loadable(question.now, room) if question.now else None
    except InspectorError:
        pass
    old = _facts(before, old_recipe, room)
    new = _facts(other, recipe, room)
    for group, key in dict.fromkeys((*new, *old)):
        pair = old.get((group, key), ""), new.get((group, key), "")
        if pair[0] != pair[1]:
            yield Difference(group, key, *pair)


_Facts = dict[tuple[Group, str], str]


def _facts(loadable: _Loadable | None, recipe: Recipe | None, room: Room) -> _Facts:
    """What a person may want to know of a product, in the order in which it matters."""
    if recipe is None:
        return {}
    calibration = loadable.calibration if loadable else None
    facts: _Facts = {
        ("release", "released"): _released(recipe.product, room),
        ("threshold", "false_reject_rate"): f"{100 * recipe.decision.false_reject_rate:g} %",
        ("threshold", "threshold"): f"{calibration.threshold:.4g}" if calibration else "",
        **_of("threshold", recipe.decision.model_dump(exclude={"false_reject_rate"})),
        ("engine", "bundle"): loadable.bundle.hash[:SHORT] if loadable else "",
        **_of("engine", recipe.engine.model_dump(mode="json")),
        ("runtime", "runtime"): calibration.fingerprint if calibration else "",
        ("checks", "checks"): ", ".join(check.check for check in recipe.checks),
    }
    for check in recipe.checks:
        facts |= _of("checks", check.model_dump(exclude={"check"}), f"{check.check}.")
    zones = [zone.model_dump(mode="json") for zone in recipe.zones]
    facts |= {
        ("zones", "zones"): ", ".join(zone.name for zone in recipe.zones),
        ("zones", "shapes"): hash_of(zones)[:SHORT] if zones else "",
    }
    facts |= _of("preparation", recipe.preparation.model_dump(mode="json"))
    for camera, settings in ({"": recipe.camera.settings} | recipe.camera.views).items():
        facts |= _of("camera", settings, f"{camera}." if camera else "")
    facts[("rest", "plc_id")] = f"{recipe.plc_id}"
    return facts | _of("rest", recipe.evidence.model_dump())


def _of(group: Group, section: Mapping[str, Any], prefix: str = "") -> _Facts:
    """Every key of a section; null is no fact."""
    leaves = changes({}, section)
    return {(group, prefix + leaf.key): _words(leaf.new) for leaf in leaves if leaf.new is not None}


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _released(product: str, room: Room) -> str:
    try:
        active = Releases(room.data_folder, product).active
    except InspectorError:
        return ""
    return f"{active.user}, {active.utc.astimezone():%Y-%m-%d}" if active is not None else ""


def _locks(other: _Loadable, room: Room) -> tuple[str, str]:
    """Why it is not released, and why its limit samples are due."""
    config, folder, product = room.config, room.data_folder, other.recipe.product
    try:
        unreleased = Releases(folder, product).why_not(other.deciding)
    except InspectorError as error:
        unreleased = str(error)
    try:
        masters = load_masters(folder, product)
        check, parts = load_check(folder, product)
    except InspectorError as error:
        return unreleased, str(error)
    if not masters.complete:
        return unreleased, f"{product} needs a good and a bad one (inspector limits)"
    now = Conditions(
        station=config.station,
        deciding=other.deciding,
        masters=masters.hash,
        cameras=tuple(camera.name for camera in config.cameras),
        simulated=config.simulated,
    )
    now_us = time.time_ns() // 1000
    return unreleased, why_invalid(check, now, config.limits, now_us=now_us, parts=parts)


def picture_of_product(recipe: Recipe, room: Room, longest: int) -> ProductPicture:
    """A good image of it, with region and zones; without an image nothing to draw on."""
    found = good_image(recipe, room, longest)
    if found is None:
        return ProductPicture()
    picture, (width, height) = found
    box = recipe.preparation.region
    region = None
    if box is not None:
        region = (box.x / width, box.y / height, box.width / width, box.height / height)
    zones = tuple(
        ZoneShape(
            zone.name,
            zone.use,
            zone.sensitivity,
            tuple((x / width, y / height) for x, y in zone.polygon),
        )
        for zone in recipe.zones
    )
    return ProductPicture(picture.data, region, zones)


ANSWERS: Answers = {CompareProducts: compare_products}
