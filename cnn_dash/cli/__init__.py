"""The command line, over the same store and workers as the pages.

`app` declares the commands, `terminal` prints, every other module does what one command or two need. A module is
imported when its command is called, so that `--help` and lists wait for nothing; TensorFlow is loaded by `predict` and
in the worker process alone.
"""
