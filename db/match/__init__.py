"""Comparing notices, pure: what is compared, what two of them are to each other, and the groups that makes."""
