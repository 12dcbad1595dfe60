"""The processes that train: how they are started, watched, ended and replaced."""
