"""The desk: effective readings laid out for questions (``fact_*``), now or for a moment of the past."""
