"""What lasts from one rerun to the next: URL, widget keys, settings, cached resources."""
