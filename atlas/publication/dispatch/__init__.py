"""Who regularly gets which papers: made of releases alone, handed over once, written down.

Each paper of a release goes to each subscriber once. What began and was not written down as
done, because the machine went down between, is repeated: a file takes its own place, a mail
says that it may come a second time.
"""

from atlas.publication.dispatch.deliver import Counter, deliver_all
from atlas.publication.dispatch.ledger import LEDGER_NAME

__all__ = ["LEDGER_NAME", "Counter", "deliver_all"]
