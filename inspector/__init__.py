"""Inspector: real-time camera line inspection.

The application package. ``docs/architecture.md`` draws the layers; import-linter keeps them.
"""

__version__ = "0.1.0"
