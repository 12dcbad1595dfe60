"""Metrics of a trained network, and its report on the test set."""
