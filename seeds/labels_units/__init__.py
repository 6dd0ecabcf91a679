"""Labelled organisation names of our own, for the tier of names no rule decides. Names are written by us; places are invented."""
