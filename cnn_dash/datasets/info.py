"""What is known of a data set without loading it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DatasetInfo:
    """Name, origin, classes and size of a data set.

    Attributes:
        name: Its name in a URL, on the command line and in the store.
        title: Its name on the pages.
        description: One plain sentence.
        class_names: One name for each class; the index is the label.
        train_count: Number of images for training and validation together.
        test_count: Number of images held out for the test.
        licence: Who made it, and what may be done with it.
        source: The publisher's page; of an own data set, what it was imported from.
        image_shape: Height and width in pixels, and channels (1 or 3), of every image.
        download_url: Folder on the web that its files come from, ending in a slash; empty if nothing is downloaded.
        download_mb: Size of all files there in megabytes.
        content_hash: SHA-256 of an own data set, by which one that was brought again under the same name is told from
            it; empty for one that is published.
    """

    name: str
    title: str
    description: str
    class_names: tuple[str, ...]
    train_count: int
    test_count: int
    licence: str
    source: str
    image_shape: tuple[int, int, int] = (28, 28, 1)
    download_url: str = ""
    download_mb: int = 0
    content_hash: str = ""
