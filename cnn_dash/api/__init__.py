"""The HTTP side of the server, over the run store."""
