"""Reads bytes: one page in, facts out.

Everything in this package is a pure function of its arguments: no network, no database, no clock, no files, no
mutable module state. What the reader knows comes in as one immutable :class:`nlp.knowledge.Knowledge`.
"""
