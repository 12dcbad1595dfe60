"""The run store, shared by browser, command line and workers: runs, their progress and results."""
