"""What an interface answers where it cannot: a status and one sentence."""


class RequestError(Exception):
    """A request that cannot be answered.

    Attributes
    ----------
    status
        400 for what cannot be understood, 404 for what is not there, 406 for a format.
    """

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


def not_found() -> RequestError:
    """Say that there is nothing: never whether there is something for others."""
    return RequestError(404, "Das gibt es hier nicht.")


def malformed(name: str, expected: str) -> RequestError:
    """Say which parameter cannot be read, and what it should look like."""
    return RequestError(400, f"Parameter {name}: nicht zu lesen. Erwartet: {expected}.")
