"""Labelled mentions of our own: templates, hand-written sentences, and the generator that turns both into records.

Everything here is constructed: places, suppliers and people are invented, brands and models are real names.
"""
