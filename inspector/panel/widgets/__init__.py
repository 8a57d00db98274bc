"""What the panel paints: one widget, one file, each a view of a model."""
