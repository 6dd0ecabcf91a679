"""One command, ``caigou``. Thin: parses arguments, calls the rooms, prints."""
