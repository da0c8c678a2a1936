"""The version of the installed product."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("textback")
except PackageNotFoundError:  # run from a folder that was never installed
    VERSION = "0"
