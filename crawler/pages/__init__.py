"""What the pages of a platform say to a crawler: rows of lists, totals, links. Pure functions over bytes."""
