"""A network that somebody brings as a `.keras` file: looked through, loaded in a process of its own, made a run.

`archive` and `architecture` read the file without Keras; `process` starts the program in `__main__`, which loads and
tests the network within limits; `importing` records what it left as a run.
"""
