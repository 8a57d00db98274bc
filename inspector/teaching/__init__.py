"""Teaching a product: images, split, bundle, calibration, evaluation."""
