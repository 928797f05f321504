import os

# Tables of the command line are as wide as the terminal; tests read them unbroken anywhere.
os.environ["COLUMNS"] = "200"
