"""Constructed notices in the page formats of real portals: for the demo, the tests and the benchmarks.

Describe a notice with :class:`~seeds.demo.model.DemoNotice`; :mod:`seeds.demo.ccgp` renders its list rows, search rows
and detail page as the national portal would, :mod:`seeds.demo.api` its JSON as 政采云 and gpcms portals would.
``jobs.demo_portal`` serves them over HTTP. Every page says that it is constructed.
"""
