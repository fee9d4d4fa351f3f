"""Which edition of the house rules this release decides by (版本)."""

FIRST_EDITION = 1
"""Of a journal that notes none: releases until 0.3."""
EDITION = 2
"""Raised by a release that decides anything differently than the one before. Steps of another
edition are taken as they are written, and never decided again."""
