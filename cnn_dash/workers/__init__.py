"""The processes that train: how they are started, watched and replaced."""
