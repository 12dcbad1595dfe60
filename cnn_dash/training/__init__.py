"""What a worker does with a run: data in, network trained, figures recorded."""
