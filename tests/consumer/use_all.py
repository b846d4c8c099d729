"""use_all.py <libmemregions.so.0>

Calls each component from Python, by nothing but the symbols of the one library.
"""

import ctypes
import sys
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_int64, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p

OK = 0
KIND_U16, BIG_ENDIAN = 5, 2


class Region(Structure):
    _fields_ = [("pointer", c_void_p), ("size", c_size_t)]


class Range(Structure):
    _fields_ = [("start", c_size_t), ("end", c_size_t)]


class Sequence(Structure):
    _fields_ = [("start", c_void_p), ("count", c_size_t), ("stride", c_size_t), ("type", c_void_p), ("flags", c_uint32)]


class Object(Structure):
    _fields_ = [("start", c_void_p), ("size", c_size_t), ("type", c_void_p), ("flags", c_uint32)]


class Value(Structure):
    _fields_ = [("octets", c_uint64 * 2), ("rest", c_uint64), ("kind", c_uint8), ("reserved", c_uint8 * 7)]


def main():
    library = ctypes.CDLL(sys.argv[1])

    def function(name, result, *arguments):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
        return function

    version = function("mr_version", c_char_p)
    assert version().startswith(b"0.1.")

    # allocator and region
    allocate = function("mr_allocate", c_int, c_void_p, c_size_t, POINTER(Region))
    deallocate = function("mr_deallocate", c_int, c_void_p, POINTER(Region))
    fill = function("mr_fill", c_int, Region, c_uint8, Range)
    region = Region()
    assert allocate(None, 6, byref(region)) == OK
    assert fill(region, 0, Range(0, 6)) == OK
    assert fill(region, 7, Range(3, 4)) == OK
    assert ctypes.string_at(region.pointer, region.size) == b"\0\0\0\7\0\0"
    assert fill(region, 7, Range(3, 7)) != OK

    # type and sequence
    scalar_type = function("mr_scalar_type", c_void_p, c_int, c_int)
    sequence_of = function("mr_sequence_of_region", c_int, Region, c_void_p, POINTER(Sequence))
    element = function("mr_sequence_get", c_int, Sequence, c_size_t, POINTER(Value))
    to_i64 = function("mr_value_to_i64", c_int, Value, POINTER(c_int64))
    sequence, value, number = Sequence(), Value(), c_int64()
    type = scalar_type(KIND_U16, BIG_ENDIAN)
    assert sequence_of(region, type, byref(sequence)) == OK and sequence.count == 3
    assert element(sequence, 1, byref(value)) == OK
    assert to_i64(value, byref(number)) == OK and number.value == 7

    # object
    object_of = function("mr_object_of_region", c_int, Region, c_void_p, POINTER(Object))
    is_bound = function("mr_object_is_bound", ctypes.c_bool, Object, c_char_p)
    object = Object()
    assert object_of(region, type, byref(object)) == OK and object.size == 2
    assert not is_bound(object, b"nonsense")

    # stream
    stream = ctypes.create_string_buffer(1024)
    stream_init = function("mr_stream_init_region", None, c_void_p, Region)
    stream_write = function("mr_stream_write_exact", c_int, c_void_p, Region)
    stream_fini = function("mr_stream_fini", c_int, c_void_p)
    text = ctypes.create_string_buffer(b"abc", 3)
    stream_init(stream, region)
    assert stream_write(stream, Region(ctypes.addressof(text), 3)) == OK
    assert stream_fini(stream) == OK
    assert ctypes.string_at(region.pointer, 4) == b"abc\7"

    # pathname
    file = ctypes.create_string_buffer(1024)
    file_open = function("mr_file_open", c_int, c_char_p, c_void_p, c_void_p, c_void_p)
    file_view = function("mr_file_view", Region, c_void_p)
    file_close = function("mr_file_close", c_int, c_void_p, c_void_p)
    assert file_open(sys.argv[1].encode(), None, file, None) == OK
    view = file_view(file)
    assert ctypes.string_at(view.pointer, 4) == b"\x7fELF"
    assert file_close(file, None) == OK

    assert deallocate(None, byref(region)) == OK and region.pointer is None


main()
