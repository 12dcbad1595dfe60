"""Files of runs, behind a protocol: a folder of this machine now, an object store next."""
