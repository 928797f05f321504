"""The office's own screen: what persons decide, as pages; every decision is a command too.

It stands above both zones, like the command line: it acts through ``confidential`` and says
what changes in the words of ``publication``. It shows no value of a delivery, and of counts
only those that are published or would be. Nothing but the command line imports it.
"""
