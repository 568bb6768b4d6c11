"""Other people's partitioners, run by the interpreter of an environment of their own.

The folder is copied beside the arrays and started as a package of its own (`python -m peers`), so nothing here may import the
product: what a peer finds on its path is its own environment, numpy and these files.
"""
