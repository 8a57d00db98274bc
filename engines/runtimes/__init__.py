"""Runtimes that execute a bundle on the line PC; no torch here."""

from engines.runtimes.engine import SelfTest, load_engine, page_lock_of, self_test

__all__ = ["SelfTest", "load_engine", "page_lock_of", "self_test"]
