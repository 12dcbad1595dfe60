"""The scripts, oldest first. Their names begin with a letter so that Python can import them."""
