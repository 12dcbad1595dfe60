"""Training of a run in a worker: load data, train the network, record metrics."""
