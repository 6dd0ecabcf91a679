"""One small declaration a portal."""
