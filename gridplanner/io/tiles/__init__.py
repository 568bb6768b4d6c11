"""Basemaps: where their tiles come from, where on the ground they lie, and what is refused."""
