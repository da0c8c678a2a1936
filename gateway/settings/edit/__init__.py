"""Changing a configuration file as a careful person would: what is not meant stays as it was, byte for byte."""
