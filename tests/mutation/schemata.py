"""Writes all mutants of a source into one text: which one is active is chosen when the program starts."""


def render(source, nodes):
    """The text with every mutation of the nodes, which are in the order of sites.find(). Lines stay where they are."""
    return _render(source, nodes, (0, len(source.text)))


def _render(source, nodes, extent):
    out, at, i = b"", extent[0], 0
    while i < len(nodes):
        outer = nodes[i].extent
        inner = i + 1
        while inner < len(nodes) and nodes[inner].extent[0] < outer[1]:
            if nodes[inner].extent[1] > outer[1]:
                raise ValueError(f"{source.path}:{source.line(outer[0])}: mutations overlap")
            inner += 1
        out += source[at, outer[0]] + _FORMS[nodes[i].form](nodes[i].mutations, _render(source, nodes[i + 1 : inner], outer))
        at, i = outer[1], inner
    return out + source[at, extent[1]]


def _active(mutation):
    return b"::mutation::active(%d)" % (mutation.first or mutation).ident


def _expression(mutations, original):
    cases = b"".join(b"%s ? (%s) : " % (_active(x), x.after) for x in mutations)
    return b"(%s(%s))" % (cases, original)


def _condition(mutations, original):
    return b"(%s != static_cast<bool>(%s))" % (_active(mutations[0]), original)


def _statement(mutations, original):
    cases = b"".join(b"if (%s) { %s } else " % (_active(x), x.after) for x in mutations)
    return b"{ %s{ %s } }" % (cases, original)


_FORMS = {"expression": _expression, "condition": _condition, "statement": _statement}
