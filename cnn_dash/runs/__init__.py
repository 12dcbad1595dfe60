"""The meeting place of browser, command line and workers: what runs there are and how far they have come."""
