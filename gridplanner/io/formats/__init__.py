"""The formats that leave the office, one a file, behind one table of writers."""
