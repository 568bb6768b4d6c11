"""Where a road network crosses a line, what closes it, and which crossings see most of the flow over it."""
