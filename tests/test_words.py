"""The catalogues are complete, true to the code, and keep every placeholder."""

import string

import pytest
from babel.messages.mofile import read_mo

from gridplanner.locale.catalogue import LANGUAGES, catalogue_file, extracted, read_catalogue


def ids(catalogue):
    return {message.id if isinstance(message.id, str) else tuple(message.id) for message in catalogue if message.id}


def as_tuple(text):
    return (text,) if isinstance(text, str) else tuple(text)


def fields(text):
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_program_is_in_the_catalogue_and_no_other(language):
    assert ids(read_catalogue(language)) == ids(extracted())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_translated_with_the_same_placeholders(language):
    for message in read_catalogue(language):
        if message.id:
            english = message.id if isinstance(message.id, tuple) else (message.id,)
            other = message.string if isinstance(message.string, tuple) else (message.string,)
            assert all(other), f"{message.id} has no translation"
            assert {f for text in other for f in fields(text)} == {f for text in english for f in fields(text)}, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_the_source(language):
    source = read_catalogue(language)
    with catalogue_file(language).with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    assert ids(compiled) == ids(source)
    for message in source:
        if message.id:
            first = message.id if isinstance(message.id, str) else message.id[0]
            assert as_tuple(compiled.get(first).string) == as_tuple(message.string)
