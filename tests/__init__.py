"""Tests: they mirror the packages; flow/ runs message to message, browser/ a real Chromium."""
