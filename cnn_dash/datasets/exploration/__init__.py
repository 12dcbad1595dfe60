"""What there is to know of the images of a data set: how many, how alike, how good.

Plain functions over a data set in the internal form. Those that read every image take them by chunks, whatever the size
of the set, and tell how far they are; whoever is told may raise, which ends them.
"""
