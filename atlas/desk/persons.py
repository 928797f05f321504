"""Who sits at the desk: whom a login names, else the account that runs the server."""

from dataclasses import dataclass

from atlas.confidential.log import Account, account
from atlas.errors import AtlasError

_NO_LOGIN = (
    "Ohne Anmeldung: Wer diesen Arbeitsplatz erreicht, handelt als „{}“, das Konto, unter dem "
    "er läuft. Dass zwei Freigaben von zwei Menschen kommen, kann er so nicht gewährleisten."
)


@dataclass(frozen=True)
class Present:
    """Who is there, and whether this person may decide or only look."""

    account: Account
    may_decide: bool = True

    @property
    def doubt(self) -> str:
        """What nobody vouches for; empty where a login does."""
        return "" if self.account.login else _NO_LOGIN.format(self.account.name)

    def require_decider(self) -> None:
        """Stop whoever may only look.

        Raises
        ------
        AtlasError
            Saying who may decide.
        """
        if not self.may_decide:
            raise AtlasError(
                "Ihre Rolle sieht hier zu, sie entscheidet nicht. Erwartet: jemand aus der "
                "Statistikstelle."
            )


def present() -> Present:
    """Find out who is there in this run of a page."""
    return Present(account())
