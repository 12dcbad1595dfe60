"""What another program's training tells the run store: bounded memory, no exception, no waiting."""
