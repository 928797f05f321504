"""Who sits at the desk: whom a login names, else the account that runs the server."""

import os
from dataclasses import dataclass

import streamlit as st

from atlas.confidential.log import Account, account
from atlas.errors import AtlasError
from atlas.signin import person_of
from atlas.terms import Role

ACCESS_VARIABLE = "ATLAS_ACCESS"
# Who may come in at all; auditors look and do not decide.
ROLES = frozenset({Role.OFFICE, Role.AUDITOR})
_NO_LOGIN = (
    "Ohne Anmeldung: Wer diesen Arbeitsplatz erreicht, handelt als „{}“, das Konto, unter dem "
    "er läuft. Dass zwei Freigaben von zwei Menschen kommen, kann er so nicht gewährleisten."
)


@dataclass(frozen=True)
class Present:
    """Who is there, and whether this person may decide or only look."""

    account: Account
    may_decide: bool = True
    may_look: bool = True

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


def present(city_id: str) -> Present:
    """Find out who is there in this run of a page, in this city."""
    if not os.environ.get(ACCESS_VARIABLE):
        return Present(account())
    person = person_of(st.context.headers, city_id)
    return Present(
        Account(person.name, person.identity),
        may_decide=person.has(Role.OFFICE) and bool(person.identity),
        may_look=bool(ROLES & person.roles),
    )
