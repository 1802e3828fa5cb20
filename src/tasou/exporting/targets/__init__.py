"""What models can be printed as, one file each, found in this folder.

A file has ``SUFFIX`` and ``write(plan, name, **options)``, which returns the text (or the bytes) of the file.
"""
