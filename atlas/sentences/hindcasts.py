"""What provisional levels would have been worth, in one German sentence."""

from atlas.words import number_text


def hindcast_sentence(counted: int, wrong: int, unsure: int | None) -> str:
    """Say how many provisional levels would have been wrong, and how many of them said so.

    Parameters
    ----------
    unsure
        How many of the wrong ones were „unsicher“; ``None`` where nobody computed that.
    """
    noun = "vorläufigen Stufe" if counted == 1 else "vorläufigen Stufen"
    start = f"Von {number_text(counted, 0)} {noun}"
    if not wrong:
        return f"{start} wäre keine falsch gewesen."
    verb = "wäre" if wrong == 1 else "wären"
    told = f"{start} {verb} {number_text(wrong, 0)} falsch gewesen"
    if unsure is None:
        return f"{told}."
    which = number_text(unsure, 0) if unsure else "keine"
    return f"{told}, {which} davon als unsicher gekennzeichnet."
