"""Labelled notices of our own, for the type of a notice that does not name it. All texts are written by us; bureaus and suppliers are invented."""
