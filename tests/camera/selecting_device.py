"""A scripted device with a value behind each entry of its selectors, as real cameras have them."""

from __future__ import annotations

from dataclasses import replace

from inspector.camera.device import Feature, FeatureKind, FeatureValue
from tests.camera.scripted_device import ScriptedDevice, ScriptedFeatures

SELECTED = {
    "TriggerSelector": ("TriggerMode", "TriggerSource", "TriggerActivation", "TriggerDelay"),
    "LineSelector": ("LineMode", "LineSource", "LineInverter"),
    "GainSelector": ("Gain",),
}


class SelectingFeatures(ScriptedFeatures):
    """Behind each entry a value of its own; ``locked`` features refuse to be written."""

    def __init__(self) -> None:
        super().__init__()
        enumeration, integer = FeatureKind.ENUMERATION, FeatureKind.INTEGER
        for extra in (
            Feature("GainSelector", enumeration, "All", choices=("All", "Red"), writable=True),
            Feature("LUTIndex", integer, 3, 0, 255, 1, writable=True, selects=("LUTValue",)),
            Feature("LUTValue", integer, 9, 0, 255, 1, writable=True),
            Feature("GevSCPSPacketSize", integer, 1500, 220, 16404, 4, writable=True),
            Feature("GevSCPD", integer, 0, 0, 10**6, 1, writable=True),
            Feature("ExposureTimeRaw", integer, 1000, 20, 10**6, 1, writable=True),
        ):
            self.tree[extra.name] = extra
        self.locked: set[str] = set()
        self._behind: dict[tuple[str, FeatureValue, str], FeatureValue] = {}

    def _at(self, name: str) -> tuple[str, FeatureValue, str] | None:
        for selector, names in SELECTED.items():
            if name in names:
                return selector, super().get(selector), name
        return None

    def describe(self, name: str) -> Feature:
        found = replace(super().describe(name), selects=SELECTED.get(name, ()))
        if name == "LUTIndex":
            found = super().describe(name)
        at = self._at(name)
        if at is not None and at in self._behind:
            found = replace(found, value=self._behind[at])
        return found

    def get(self, name: str) -> FeatureValue:
        value = self.describe(name).value
        assert value is not None
        return value

    def set(self, name: str, value: FeatureValue) -> None:
        if name in self.locked:
            raise ValueError("locked")
        super().set(name, value)

    def put(self, name: str, value: FeatureValue) -> None:
        at = self._at(name)
        if at is None:
            super().put(name, value)
        else:
            self._behind[at] = value


class SelectingDevice(ScriptedDevice):
    """The device with them."""

    def __init__(self) -> None:
        super().__init__()
        self.features: SelectingFeatures = SelectingFeatures()
