"""One base a platform: how its lists are walked and where its notices and files are."""
