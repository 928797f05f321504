"""Typed cells to text: numbers with the decimal sign of the layout, dates as ISO.

A sheet mixes numbers with numbers stored as text; written alike, both are read alike.
"""

from datetime import date, datetime, time
from decimal import Decimal


def text_of_cell(cell: object, decimal: str) -> str:
    """Write a cell of an Excel sheet as text."""
    match cell:
        case str():
            return cell
        case bool():
            return "WAHR" if cell else "FALSCH"
        case float():
            return text_of_number(cell, decimal)
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


def text_of_number(number: float, decimal: str) -> str:
    """Write a number as the shortest decimal that reads back the same; 3.0 as ``3``."""
    if number.is_integer():
        return str(int(number))
    return format(Decimal(repr(number)), "f").replace(".", decimal)
