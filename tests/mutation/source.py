"""The text of one C++ file: its tokens, and the ranges that belong to macros."""

import bisect
import re

_TOKEN = re.compile(
    rb"""(?P<skip>//[^\n]*|/\*.*?\*/|^[ \t]*\#(?:[^\n\\]|\\.|\\\n)*)
        |(?P<string>(?:u8|[uUL])?R"(?P<tag>[^(\s]*)\(.*?\)(?P=tag)"|(?:u8|[uUL])?"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
        |(?P<number>\.?\d(?:[eEpP][+-]|'?[\w.])*)
        |(?P<name>[A-Za-z_]\w*)
        |(?P<punctuator><=>|<<=|>>=|\.\.\.|->\*|::|->|\+\+|--|&&|\|\||[-+*/%&|^=!<>]=|<<|[][{}()<>;:,.?~!%^&*+=|/-])""",
    re.X | re.S | re.M,
)
_MACRO = re.compile(rb"[A-Z][A-Z0-9_]{3,}$|assert$")
_PARTNER = {b"(": b")", b"[": b"]", b"{": b"}"}


class Source:
    """Offsets are in bytes, as libclang counts."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.tokens = []
        self._starts = []
        for found in _TOKEN.finditer(text):
            if found.lastgroup != "skip":
                self.tokens.append((found.start(), found.end(), found.group()))
                self._starts.append(found.start())
        self._lines = [0] + [x.end() for x in re.finditer(rb"\n", text)]
        self.macros = [self._macro(i) for i, token in enumerate(self.tokens) if self._names_macro(i, token[2])]

    def _names_macro(self, index, name):
        return bool(_MACRO.match(name)) and index + 1 < len(self.tokens) and self.tokens[index + 1][2] == b"("

    def _macro(self, index):
        return self.tokens[index][0], self.tokens[self.partner(index + 1)][1]

    def partner(self, index):
        """The token that closes the bracket at an index."""
        opening = self.tokens[index][2]
        depth = 0
        for i in range(index, len(self.tokens)):
            depth += (self.tokens[i][2] == opening) - (self.tokens[i][2] == _PARTNER[opening])
            if depth == 0:
                return i
        raise ValueError(f"{self.path}: no partner of the bracket at line {self.line(self.tokens[index][0])}")

    def first_token(self, offset):
        """The first token at an offset or after it."""
        return bisect.bisect_left(self._starts, offset)

    def token_after(self, offset):
        i = self.first_token(offset)
        return self.tokens[i] if i < len(self.tokens) else (len(self.text), len(self.text), b"")

    def line(self, offset):
        return bisect.bisect_right(self._lines, offset)

    def __getitem__(self, extent):
        return self.text[extent[0] : extent[1]]

    def flat(self, extent):
        """A range in one line, without comments."""
        out, end = b"", None
        for i in range(self.first_token(extent[0]), len(self.tokens)):
            if self.tokens[i][0] >= extent[1]:
                break
            if end is not None and end < self.tokens[i][0]:
                out += b" "
            out += self.tokens[i][2]
            end = self.tokens[i][1]
        return out

    def in_macro(self, extent):
        """Whether a range lies in what a macro expands, or begins or ends there. A macro may lie within the range."""
        start, end = extent
        return any(start < m_end and m_start < end and not (start < m_start and m_end < end) for m_start, m_end in self.macros)
