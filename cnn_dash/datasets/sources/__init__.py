"""Where data sets come from: `protocol` says what a source is, `built_in` lists those that come with CNN Dash.

`embedded` reads tables in packages that are installed anyway, `archived` a publisher's archive in place. `published`
finds a publisher's files on this machine (`files`), or downloads them (`download`); `idx` and `npz` are the formats
they come in.
"""
