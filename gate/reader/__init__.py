"""Reads plates: a picture in, plates out."""
