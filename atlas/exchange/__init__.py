"""Every file between the zones except releases: one module each, with model, reader and writer.

Both zones stand on it, so what one writes the other can read. No file here holds a value.
"""
