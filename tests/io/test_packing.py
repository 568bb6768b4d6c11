"""Values taken apart into arrays and JSON and put together again to the last bit; what a file may bring to life is little."""

import json

import numpy as np
import pytest

from gridplanner.io.packing import Packed, array_to_data, bytes_to_array, pack, unpack
from gridplanner.io.project_values import check_room
from gridplanner.model.grids import Grid
from gridplanner.model.lines import Lines
from tests.io.test_project_file import assert_same


def test_numbers_of_numpy_keep_their_type():
    grid = Grid(np.int32(3), valid_from="2026")
    assert_same(unpack(pack({1: grid, "x": np.float64("nan")})), {1: grid, "x": np.float64("nan")})
    numbers = (
        np.float32("-nan"), np.frombuffer(b"\x01\x00\xc0\x7f", "<f4")[0], np.float64(-0.0), np.longdouble(1) / 3, np.bool_(True),
        np.datetime64("2026-01-01T00:00:01"), np.str_("𠮷"), np.uint64(2**64 - 1), np.complex128(1 + 2j), np.float16(0.1),
    )  # fmt: skip
    packed = pack(numbers)
    for one, other in zip(unpack(Packed(json.loads(json.dumps(packed.tree, allow_nan=False)), packed.arrays)), numbers, strict=True):
        assert (type(one), one.dtype, one.tobytes()) == (type(other), other.dtype, other.tobytes())
    for none in (object(), np.zeros(1, [("a", "f8")]), np.array([1, "x"], object)):
        with pytest.raises(TypeError):
            pack(none) if not isinstance(none, np.ndarray) else array_to_data(none)


@pytest.mark.parametrize("kind", ["|O", "<V8", "<f8,<f8", "f8", "text2", "<i99999999999"])
def test_arrays_of_other_kinds_are_not_read(kind):
    with pytest.raises((ValueError, TypeError)):
        bytes_to_array(kind, (1,), bytes(8))


@pytest.mark.parametrize(("kind", "shape", "length"), [("<f8", (1 << 39,), 16), ("odd text", (1 << 39,), 16), ("text", (9,), 3)])
def test_a_shape_that_its_bytes_cannot_fill_is_refused_before_room_is_made(kind, shape, length):
    with pytest.raises(ValueError, match="do not fit"):
        check_room(kind, shape, length)


def test_what_is_shared_is_shared_again():
    shared = Lines(np.arange(6.0).reshape(3, 2), np.array([0, 3], np.int32))
    values = ({"a": shared, ("b", 2): (shared, shared.coords)}, [shared])
    packed = pack(values)
    assert len(packed.arrays) == 2
    mapping, (again,) = unpack(packed)
    assert mapping["a"] is again
    assert mapping[("b", 2)][1] is again.coords


def test_two_arrays_are_never_kept_under_one_name():
    keys = {(1, np.float64(2)): np.arange(3), "k": (np.arange(4),)}
    back = unpack(pack(keys))
    assert [len(part) for part in (back[(1, np.float64(2))], back["k"][0])] == [3, 4]
