"""Arrays in, frozen results out: planar units, districting, networks, patrols and rail lines.

Nothing here knows of files, windows or the words of the product.
"""
