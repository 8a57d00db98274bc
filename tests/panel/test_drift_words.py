"""What the station says of drift is known in Japanese."""

from __future__ import annotations

import pytest

from calibration.drift import Change, DriftState
from inspector.panel.station_words import station_words
from inspector.panel.translation import Language
from inspector.station.drift import in_words

CHANNELS = {
    "engine": tuple(Change),
    "cam-1 brightness": (Change.RISE, Change.FALL),
    "cam-1 sharpness": (Change.RISE, Change.FALL),
    "cam-1 temperature": (Change.RISE, Change.FALL),
    "cam-1 shift-x": (Change.RISE, Change.FALL),
    "cam-1 shift-y": (Change.RISE, Change.FALL),
    "cam-1 rotation": (Change.RISE, Change.FALL),
}


@pytest.mark.parametrize("channel", CHANNELS)
def test_drift_is_told_in_japanese(language: Language, channel: str) -> None:
    for change in CHANNELS[channel]:
        words = in_words(DriftState(channel, change, 1.0, 1.0, alarm=True, since=1))
        assert station_words(words) == words.replace("engine", "Learned looks")
        language.use("ja")
        named = "学習した外観" if channel == "engine" else channel.split(maxsplit=1)[0]
        assert station_words(words).startswith(f"{named}：")
        assert "Check" not in station_words(words)
        language.use("en")
