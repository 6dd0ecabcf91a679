"""Joins the rooms: import, read, link; owns worker pools, child-process limits and progress."""
