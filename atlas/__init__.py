"""The social-space atlas: from register deliveries to a protected, published city atlas."""

__version__ = "0.1.0"
