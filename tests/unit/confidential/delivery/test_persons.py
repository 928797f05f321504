import hashlib
import hmac
from collections.abc import Callable
from datetime import date

from atlas.confidential.delivery import Reading

Read = Callable[..., Reading]
DAY = date(2024, 12, 31)

GOOD = (
    "Schluessel;Gebiet;Geburt;Staat;Name\n"
    "P1;0101;31.12.2006;000;x\n"
    "P2;0102;01.01.2007;163;x\n"
    ";NA01;29.02.2004;;x\n"
    "P4;0101;00.07.1950;000;x\n"
)


def test_persons_hold_hash_age_and_codes_only(read_persons: Read) -> None:
    reading = read_persons(GOOD)
    part = reading.parts[DAY]
    assert part.column_names == ["person", "area_id", "age", "Staat"]
    assert part["age"].to_pylist() == [18, 17, 20, 74]
    assert part["area_id"].to_pylist() == ["0101", "0102", "NA01", "0101"]
    assert part["Staat"].to_pylist() == ["000", "163", None, "000"]
    expected = hmac.new(b"k" * 32, b"P1", hashlib.sha256).hexdigest()
    assert part["person"].to_pylist()[0] == expected
    assert part["person"].to_pylist()[2] is None
