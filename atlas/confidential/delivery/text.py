"""Typed cells to text: numbers with a point, dates as ISO."""

from datetime import date, datetime, time
from decimal import Decimal


def text_of_cell(cell: object) -> str:
    """Write a cell of an Excel sheet as text."""
    match cell:
        case str():
            return cell
        case bool():
            return "WAHR" if cell else "FALSCH"
        case float():
            return text_of_number(cell)
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


def text_of_number(number: float) -> str:
    """Write a number as the shortest decimal that reads back the same; 3.0 as ``3``."""
    if number.is_integer():
        return str(int(number))
    return format(Decimal(repr(number)), "f")
