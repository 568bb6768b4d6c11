"""Words in other languages: one gettext catalogue a language, made from the code by `python -m gridplanner.locale.catalogue`."""
