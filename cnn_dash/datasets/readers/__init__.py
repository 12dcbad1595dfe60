"""What a person brings: each reader takes one layout of files and yields its examples one by one.

    a file or folder ─▶ opening ─▶ a Reader ─▶ Example (split, class name, picture, file name, columns)
                                  folders in zip, tar or on disk; npz, idx, csv, parquet

Whatever comes in is hostile until proven otherwise: nothing is extracted by its own name, nothing is unpickled, and
nothing is allocated because a header says so (`limits`).
"""
