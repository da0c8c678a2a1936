"""The sections of one file, by the shape in which each may stand: once, several times, as a list, or by names of the shop's own."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.settings import kinds
from gateway.settings.options import Place, Reading, Section, entries, mapping, taken
from gateway.settings.problems import shown
from gateway.settings.yamlnodes import Entry, Items, Mapping, Node, Scalar


class Sections:
    """Each is read once: reading is what says the problems. `place` is what is known of the file by now."""

    def __init__(self, top: Mapping, place: Place) -> None:
        self._sections = {entry.key: entry for entry in top.entries}
        self.place = place
        place.lines.update({entry.key: entry.line for entry in top.entries})

    def entry(self, name: str) -> Entry | None:
        """What stands under a name; None where nothing does."""
        entry = self._sections.get(name)
        return None if entry is None or (isinstance(entry.node, Scalar) and entry.node.empty) else entry

    def single(self, section: Section) -> Reading:
        """A section that stands once; one that is not there reads as its defaults."""
        place = self.place.at(section.name)
        if (entry := self.entry(section.name)) is None:
            return Reading(section, Mapping((), place.line_of(section.name)), place)
        node = taken(section_node, entry.node, place, Mapping((), entry.line))
        return Reading(section, node, place, entry.line)

    def several(self, section: Section) -> Iterator[Reading]:
        """A section that may stand once, or as a list of sections."""
        if (entry := self.entry(section.name)) is not None:
            if isinstance(entry.node, Items):
                yield from self.listed(section)
            elif isinstance(entry.node, Mapping):
                yield Reading(section, entry.node, self.place.at(section.name), entry.line)
            else:
                taken(section_node, entry.node, self.place.at(section.name), Mapping((), entry.line))

    def listed(self, section: Section) -> Iterator[Reading]:
        """A list of sections; an entry that is none is said and left out. Entries are counted from 1 in messages."""
        if (entry := self.entry(section.name)) is None:
            return
        example = ", ".join(f"{option.name}: {option.example}" for option in section.options if option.required)
        if not isinstance(entry.node, Items):
            self.place.at(section.name).say(entry.node.line, "a list is needed here", f"write '- {example}' below it")
            return
        for count, node in enumerate(entry.node.nodes, 1):
            place = self.place.at(f"{section.name}[{count}]")
            if isinstance(node, Mapping):
                yield Reading(section, node, place)
            else:
                place.say(node.line, "names and values are needed here", f"write '- {{{example}}}'")

    def named(self, name: str, wanted: str, what: str) -> Iterator[tuple[Entry, Place]]:
        """Entries whose names are the shop's own choice."""
        if (entry := self.entry(name)) is None:
            return
        place = self.place.at(name)
        nothing: tuple[Entry, ...] = ()
        for inner in taken(lambda node, _: entries(node, wanted), entry.node, place, nothing):
            if kinds.is_name(inner.key):
                place.lines[f"{name}.{inner.key}"] = inner.line
                yield inner, place.at(inner.key)
            else:
                remedy = "use small letters, digits and _, beginning with a letter"
                place.say(inner.line, f"{shown(inner.key)} cannot be the name of a {what}", remedy)


def section_node(node: Node, place: Place) -> Mapping:
    """The options of one section. Raises RefusedError for a node of another shape."""
    return mapping(node, f"its options below '{place.path.rpartition('.')[2]}:', indented")
