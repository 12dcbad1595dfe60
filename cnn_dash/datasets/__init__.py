"""Data sets: which there are, where they come from, and how they are split.

    a DatasetSource ─▶ importing ─▶ Imported (memory-mapped) ─▶ splits ─▶ Dataset
     embedded, published             internal_format

`catalogue` is the registry and the way in; a set of another origin is one more `DatasetSource`.
"""
