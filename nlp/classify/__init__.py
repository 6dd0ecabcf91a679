"""Small classifiers for what certain rules leave open: pure inference over compiled arrays. See ``docs/classifiers.md``."""
