"""Labelled goods and titles of our own, for the technology area. Nouns are written by us; places and bureaus are invented."""
