"""The data sets that a person has brought: each a folder of versions, none of which ever changes.

    <data_dir>/own/flowers/about.json      title and licence note, which can be edited
                           1/              version 1, which is called `flowers`
                           2/              version 2, which is called `flowers@2`
                             manifest.json, four arrays as in `internal_format`, examples.parquet

`readers` ─▶ `importing` (decoded by `decoding`, in several processes by `pool`) ─▶ `version_writer` ─▶ a version, whole
or not at all. `library` lists, renames, deletes and brings back; `derive` makes the next version; `source` is what
the catalogue knows of one.
"""
