"""Finds the places of a C++ source that can be mutated, by libclang."""

import re
from dataclasses import dataclass, field

from clang.cindex import CursorKind, Index, TypeKind

from dependence import depend
from source import Source

FLIPS = {b"<": b"<=", b"<=": b"<", b">": b">=", b">=": b">", b"==": b"!=", b"!=": b"=="}
LOGIC = {b"&&": b"||", b"||": b"&&"}
ARITHMETIC = {b"+": b"-", b"-": b"+", b"+=": b"-=", b"-=": b"+="}

FUNCTIONS = {
    CursorKind.FUNCTION_DECL,
    CursorKind.CXX_METHOD,
    CursorKind.CONSTRUCTOR,
    CursorKind.DESTRUCTOR,
    CursorKind.CONVERSION_FUNCTION,
    CursorKind.FUNCTION_TEMPLATE,
}
# Below these nothing is evaluated while the program runs, or nothing that can be mutated.
CLOSED = {
    CursorKind.STATIC_ASSERT,
    CursorKind.PARM_DECL,
    CursorKind.TYPE_REF,
    CursorKind.TEMPLATE_REF,
    CursorKind.NAMESPACE_REF,
    CursorKind.DECL_REF_EXPR,  # its children are template arguments
    CursorKind.CXX_UNARY_EXPR,  # sizeof, alignof, noexcept
    CursorKind.TYPE_ALIAS_DECL,
    CursorKind.TYPEDEF_DECL,
    CursorKind.ENUM_DECL,
    CursorKind.FIELD_DECL,
}
CALCULABLE = re.compile(r"duration<|time_point<|__normal_iterator")
STATEMENTS = {
    CursorKind.CALL_EXPR,
    CursorKind.UNEXPOSED_EXPR,
    CursorKind.BINARY_OPERATOR,
    CursorKind.COMPOUND_ASSIGNMENT_OPERATOR,
    CursorKind.UNARY_OPERATOR,
    CursorKind.CXX_DELETE_EXPR,
}
# They change nothing that a test can see.
UNSEEN = re.compile(rb"(spdlog::|static_cast<void>|\(void\)|__builtin_prefetch|(\w+::)*prefetch\w*\()")
NUMBER = re.compile(rb"(0[xX][0-9a-fA-F']+|\d[\d']*)([uUlLzZ]*)$")


@dataclass
class Mutation:
    kind: str
    at: int  # the offset that the reader is shown
    after: bytes  # what stands there instead
    shown: str
    ident: int = 0
    first: "Mutation" = None  # of the second place of a mutation: the first one, which has the number


@dataclass
class Node:
    """A piece of a source with all its mutations. Form: expression, condition (negated) or statement."""

    form: str
    extent: tuple
    mutations: list = field(default_factory=list)


def parse(path, arguments):
    return Index.create().parse(path, args=arguments)


def _extent(cursor):
    return cursor.extent.start.offset, cursor.extent.end.offset


def _is_pointer(cursor):
    return cursor.type.get_canonical().kind == TypeKind.POINTER


def _shown(text):
    text = re.sub(r"\s+", " ", text.decode(errors="replace"))
    return text if len(text) <= 60 else text[:57] + "..."


class Finder:
    """Collects the nodes of one file from the cursors of its functions."""

    def __init__(self, source: Source):
        self.source = source
        self.nodes = {}

    def _add(self, form, extent, mutation):
        source = self.source
        if extent[0] >= extent[1] or source.in_macro(extent):
            return
        if form != "statement" and re.search(rb"\bco_(await|yield)\b", source[extent]):
            return  # GCC 12 miscompiles co_await below a conditional operator
        node = self.nodes.setdefault((extent, form), Node(form, extent))
        if all(x.after != mutation.after or x.kind != mutation.kind for x in node.mutations):
            node.mutations.append(mutation)

    def _replace(self, kind, extent, at, old, new):
        """A mutation of the expression at an extent in which new stands at an offset instead of old."""
        before = self.source.flat((extent[0], at))
        behind = self.source.flat((at + len(old), extent[1]))
        shown = f"{_shown(self.source[extent])}: {old.decode()} to {new.decode()}"
        self._add("expression", extent, Mutation(kind, at, before + b" " + new + b" " + behind, shown))

    def function(self, cursor):
        source = self.source
        body = next((x for x in cursor.get_children() if x.kind == CursorKind.COMPOUND_STMT), None)
        if body is None or not source[_extent(body)].startswith(b"{"):  # declared or defaulted
            return
        if re.search(rb"\bconsteval\b", source[cursor.extent.start.offset, body.extent.start.offset]):
            return
        if cursor.kind == CursorKind.CONSTRUCTOR:
            initialised = False
            for x in cursor.get_children():
                initialised = initialised or x.kind == CursorKind.MEMBER_REF
                if initialised and x.kind.is_expression():
                    self.visit(x)
        self.visit(body)

    def visit(self, cursor, parent=None):
        kind = cursor.kind
        if kind in CLOSED:
            return
        if kind in FUNCTIONS:
            self.function(cursor)
            return
        if kind == CursorKind.VAR_DECL and self._is_constant(cursor):
            return
        if kind == CursorKind.CALL_EXPR and self.source[_extent(cursor)].startswith(b"spdlog::"):
            return
        children = list(cursor.get_children())
        if kind == CursorKind.LAMBDA_EXPR:
            children = [x for x in children if x.kind == CursorKind.COMPOUND_STMT]
        elif kind == CursorKind.CASE_STMT:
            children = children[-1:]
        elif kind in (CursorKind.IF_STMT, CursorKind.WHILE_STMT):
            children = self._condition(cursor, children)
        elif kind == CursorKind.DO_STMT:
            self._negate(_extent(children[-1]))
        elif kind == CursorKind.CONDITIONAL_OPERATOR:
            self._negate(_extent(children[0]))
        elif kind in (CursorKind.BINARY_OPERATOR, CursorKind.COMPOUND_ASSIGNMENT_OPERATOR):
            self._operator(_extent(cursor), children)
        elif kind == CursorKind.CALL_EXPR and cursor.spelling.startswith("operator"):
            self._overloaded(cursor, children)
        elif kind == CursorKind.INTEGER_LITERAL:
            self._literal(_extent(cursor), parent)
        if kind == CursorKind.COMPOUND_STMT:
            self._statements(children)
        elif kind in (CursorKind.FOR_STMT, CursorKind.WHILE_STMT, CursorKind.CXX_FOR_RANGE_STMT):
            self._statement(children[-1])
        elif kind == CursorKind.IF_STMT:
            for x in children:
                if self.source.text[: x.extent.start.offset].rstrip().endswith((b")", b"else")):
                    self._statement(x)
        elif kind in (CursorKind.CASE_STMT, CursorKind.DEFAULT_STMT) and children:
            self._statement(children[-1])
        for x in children:
            self.visit(x, cursor)

    def _is_constant(self, variable):
        """Its initialiser is evaluated by the compiler."""
        head = self.source[variable.extent.start.offset - 40 if variable.extent.start.offset > 40 else 0, variable.location.offset]
        specifiers = re.split(rb"[;{}]", head)[-1]
        if re.search(rb"\bconstexpr\b", specifiers):
            return True
        if not variable.type.is_const_qualified() and not re.search(rb"\b(static|thread_local)\b", specifiers):
            return False
        named = (CursorKind.DECL_REF_EXPR, CursorKind.MEMBER_REF_EXPR, CursorKind.CALL_EXPR)
        return not any(x.kind in named for x in variable.walk_preorder())

    # -- conditions ---------------------------------------------------------------------------------------------------------

    def _condition(self, cursor, children):
        """Negates the condition of an if or a while, and tells which children run."""
        source = self.source
        at = source.first_token(cursor.extent.start.offset) + 1
        if source.tokens[at][2] == b"constexpr":
            return children[1:]
        if source.tokens[at][2] != b"(":
            return children  # expanded from a macro
        end = source.tokens[source.partner(at)][0]
        start = source.tokens[at][1]
        depth = 0
        for token in source.tokens[at + 1 : source.partner(at)]:
            depth += token[2] in (b"(", b"{", b"[")
            depth -= token[2] in (b")", b"}", b"]")
            if token[2] == b";" and depth == 0:
                start = token[1]
        start = source.token_after(start)[0]
        declared = next((x for x in children if x.kind == CursorKind.VAR_DECL and x.extent.start.offset >= start), None)
        if declared is None:
            self._negate((start, end))
        return children

    def _negate(self, extent):
        """A condition that is nothing but == or != is negated elsewhere already."""
        text = self.source[extent]
        if re.search(rb"[=!]=", text) and not re.search(rb"&&|\|\||\?", text):
            return
        self._add("condition", extent, Mutation("negation", extent[0], b"", f"{_shown(text)}: negated"))

    # -- operators ----------------------------------------------------------------------------------------------------------

    def _operator(self, extent, children):
        if len(children) != 2:
            return
        left, right = map(_extent, children)
        at, end, operator = self.source.token_after(left[1])
        if end > right[0] or self.source[at, at + 2] == b">>":
            return
        if operator in FLIPS:
            self._replace("relation", extent, at, operator, FLIPS[operator])
        elif operator in LOGIC:
            self._replace("logic", extent, at, operator, LOGIC[operator])
        elif operator in ARITHMETIC and b'"' not in self.source[extent] and not all(_is_pointer(x) for x in children):
            self._replace("arithmetic", extent, at, operator, ARITHMETIC[operator])

    def _overloaded(self, call, children):
        """The compiler may have turned a comparison around or made two calls of it; what counts is what stands there."""
        spots = sorted(x for x in map(_extent, children) if x[0] < x[1])
        if len(spots) != 3 or spots[0][1] > spots[1][0] or spots[1][1] > spots[2][0]:
            return
        operator = self.source[spots[1]]
        extent = (spots[0][0], spots[2][1])
        if operator in FLIPS:
            self._replace("relation", extent, spots[1][0], operator, FLIPS[operator])
        elif operator in ARITHMETIC and CALCULABLE.search(call.type.get_canonical().spelling):
            self._replace("arithmetic", extent, spots[1][0], operator, ARITHMETIC[operator])

    def _literal(self, extent, parent):
        text = self.source[extent]
        number = NUMBER.match(text)
        if number is None or parent is None:
            return
        if parent.kind == CursorKind.VAR_DECL and (
            extent[0] < parent.location.offset or self.source.token_after(extent[1])[2] == b"]"
        ):
            return  # a template argument or a bound of the type
        value = int(number[1].replace(b"'", b""), 0)
        for changed in (value + 1, value - 1) if value else (1,):
            new = str(changed).encode() + number[2]
            shown = f"{_shown(self._around(extent))}: {text.decode()} to {new.decode()}"
            self._add("expression", extent, Mutation("number", extent[0], new, shown))

    def _around(self, extent):
        """The line of a literal, for the reader."""
        start = self.source.text.rfind(b"\n", 0, extent[0]) + 1
        end = self.source.text.find(b"\n", extent[1])
        return self.source[start, end].strip()

    # -- statements ---------------------------------------------------------------------------------------------------------

    def _statement_extent(self, cursor):
        """Of a statement that is an expression, with its semicolon; None of others."""
        if cursor.kind not in STATEMENTS or UNSEEN.match(self.source[_extent(cursor)]):
            return None
        semicolon = self.source.token_after(cursor.extent.end.offset)
        extent = (cursor.extent.start.offset, semicolon[1])
        return extent if semicolon[2] == b";" and not self.source.in_macro(extent) else None

    def _statement(self, cursor):
        extent = self._statement_extent(cursor)
        if extent:
            self._add("statement", extent, Mutation("removal", extent[0], b"", f"{_shown(self.source[extent])} removed"))
        return extent

    def _statements(self, cursors):
        previous = previous_extent = None
        for x in cursors:
            extent = self._statement(x)
            if extent and previous_extent and depend(previous, x):
                self._swap(previous_extent, extent)
            previous, previous_extent = x, extent

    def _swap(self, first, second):
        """One mutation at two places: each of the statements stands where the other one stood."""
        texts = self.source.flat(first), self.source.flat(second)
        if any(re.search(rb"\bco_(await|yield)\b", x) for x in texts):
            return
        swap = Mutation("order", first[0], texts[1], f"{_shown(texts[0])} swapped with the next: {_shown(texts[1])}")
        self._add("statement", first, swap)
        self._add("statement", second, Mutation("order", second[0], texts[0], "", first=swap))


def find(translation_unit, source):
    """The nodes of the functions of one file, in the order of their places; outer ones before inner ones."""
    finder = Finder(source)

    def descend(cursor):
        for x in cursor.get_children():
            if x.location.file is None or x.location.file.name != source.path:
                continue
            if x.kind in FUNCTIONS:
                finder.function(x)
            elif x.kind not in CLOSED:
                descend(x)

    descend(translation_unit.cursor)
    inner_first = {"statement": 0, "condition": 1, "expression": 2}
    return sorted(finder.nodes.values(), key=lambda n: (n.extent[0], -n.extent[1], inner_first[n.form]))
