"""The lines of a configuration file: where each begins and ends, and which comments belong to what stands above them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextLines:
    """Places are counted in characters from the beginning of `text`."""

    text: str

    def column(self, at: int) -> int:
        """How far behind the beginning of its line a place is."""
        return at - self.start_of_line(at)

    def start_of_line(self, at: int) -> int:
        """Where the line begins in which `at` stands."""
        return self.text.rfind("\n", 0, at) + 1

    def end_of_line(self, at: int) -> int:
        """Before the line break of the line in which `at` stands."""
        end = self.text.find("\n", at)
        end = len(self.text) if end < 0 else end
        return end - 1 if end > at and self.text[end - 1] == "\r" else end

    def next_line(self, end: int) -> int:
        """Where the line behind begins."""
        after = self.text.find("\n", end)
        return len(self.text) if after < 0 else after + 1

    def end_of_document(self) -> int:
        """The end of the last line that is not empty."""
        return len(self.text.rstrip())

    def broken_alike(self, new: str) -> str:
        """New text with the line breaks of this one."""
        return new.replace("\n", "\r\n") if "\r\n" in self.text else new

    def following(self, end: int) -> Iterable[tuple[int, int]]:
        """The lines behind `end`, as (start, end)."""
        start = self.next_line(end)
        while start < len(self.text):
            stop = self.end_of_line(start)
            yield start, stop
            start = self.next_line(stop)

    def territory(self, end: int, indent: int) -> int:
        """Where the comments end that follow a section whose options stand in column `indent`."""
        for start, stop in self.following(end):
            line = self.text[start:stop]
            if line.strip() and not line.lstrip().startswith("#"):
                break
            if indent and line.strip() and len(line) - len(line.lstrip()) < indent:
                break
            end = stop
        return end

    def beside(self, end: int, indent: int) -> int:
        """Behind the comments that stand directly under an entry and belong to it."""
        if indent == 0:
            return max(end, min(self.territory(end, 0), self.end_of_document()))
        for start, stop in self.following(end):
            line = self.text[start:stop]
            if not line.lstrip().startswith("#") or len(line) - len(line.lstrip()) < indent:
                break
            end = stop
        return end

    def commented(self, start: int, end: int, indent: int, name: str) -> int | None:
        """The end of a line such as "#name: default" between two places, and of the comments that belong to it."""
        shown = re.compile(rf"^ {{{indent}}}#{re.escape(name)}:.*$", re.MULTILINE)
        found = shown.search(self.text, start, end)
        if found is None:
            return None
        last = self.end_of_line(found.start())
        for begin, stop in self.following(last):
            line = self.text[begin:stop]
            if not re.match(rf" {{{indent + 1},}}#", line):
                break
            last = stop
        return last
