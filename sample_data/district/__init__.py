"""A made district of the size of Kongtong: a town of blocks, townships and villages around it, with the figures of a real plan."""
