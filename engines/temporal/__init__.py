"""What a line's series of values will say next; nothing here but `teaching` and `forecaster` needs
torch.

A forecast is taught from a stretch in which all was well (`engines.temporal.teaching`). Where no
network predicts better than plain baselines it is one of these.
"""

from engines.temporal.artefact import Forecast, open_forecast, writing_forecast
from engines.temporal.predicting import Predictor, Running
from engines.temporal.series import Series

__all__ = [
    "Forecast",
    "Predictor",
    "Running",
    "Series",
    "open_forecast",
    "writing_forecast",
]
