"""What is wrong with files before they are understood: archives, encodings, coordinates, geometry; found out, mended, told."""
