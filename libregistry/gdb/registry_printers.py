"""Pretty printers of gdb for the registry: `source` this file, and `print` shows a value, a member, an entry, an error or an incarnation
as its `to_string` does. It needs the debug information of the program only, and no other printers."""

import codecs
import re
import struct

import gdb

NULL, BOOLEAN, INTEGER, REAL, STRING, BYTES, ACTOR, LIST, MAP = range(9)
KIND_MASK = 0x0F
HEAP_FLAG = 0x10
NODE_SIZE = 16  # two words before characters and elements
DEEPEST = 8


def limit():
    """How much of a string or a list gdb is to show: `set print elements`."""
    return gdb.parameter("print elements") or 1 << 20


def memory(address, size):
    return bytes(gdb.selected_inferior().read_memory(address, size)) if size else b""


def word_at(address):
    return struct.unpack("=Q", memory(address, 8))[0]


def storage_of(x):
    """The 16 bytes of a value, which need not have an address."""
    storage = x["storage_"]
    text = storage["text"]
    elements = text[text.type.fields()[0]]
    return bytes(int(part) & 0xFF for part in [storage["tag"], storage["length"], *(elements[i] for i in range(14))])


ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def escaped(c):
    if c in ESCAPES:
        return ESCAPES[c]
    if "\udc80" <= c <= "\udcff":  # a byte that is no UTF-8
        return f"\\x{ord(c) - 0xdc00:02x}"
    return f"\\u{ord(c):04x}" if c < " " or c == "\x7f" else c


def quoted(data, size):
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    text = decoder.decode(data, final=size == len(data))  # a character that is cut off at the limit is left out
    return '"' + "".join(map(escaped, text)) + '"' + ("…" if size > len(data) else "")


def actor_text(block):
    """An actor by its control block."""
    if block == 0:
        return "null"
    try:
        kind = gdb.lookup_type("caf::actor_control_block").pointer()
        return f"<actor {int(gdb.Value(block).cast(kind)['aid'])}>"
    except (gdb.error, RuntimeError):
        return f"<actor at {block:#x}>"


def elements_text(kind, address, count, depth):
    """The values that lie one after the other from an address on."""
    values = gdb.Value(address).cast(kind.pointer())
    return [value_text(values[i], depth + 1) for i in range(min(count, limit()))]


def joined(parts, count):
    return ", ".join(parts + (["…"] if count > len(parts) else []))


def heap_text(x, kind, size, block, depth):
    if kind in (STRING, BYTES):
        data = memory(block + NODE_SIZE, min(size, limit()))
        return quoted(data, size) if kind == STRING else f'b"{data.hex()}"' + ("…" if size > len(data) else "")
    if kind == ACTOR:
        return actor_text(block)
    if depth >= DEEPEST:
        return "[…]" if kind == LIST else "{…}"
    own_type = x.type.unqualified()
    if kind == LIST:
        return f"[{joined(elements_text(own_type, block + NODE_SIZE, size, depth), size)}]"
    keys = elements_text(own_type, word_at(block + NODE_SIZE), size, depth)
    mapped = elements_text(own_type, block + NODE_SIZE + 8, size, depth)
    return "{" + joined([f"{key}: {one}" for key, one in zip(keys, mapped)], size) + "}"


def value_text(x, depth=0):
    storage = storage_of(x)
    tag, length, text = storage[0], storage[1], storage[2:]
    kind = tag & KIND_MASK
    word = text[6:]
    if tag & HEAP_FLAG:
        return heap_text(x, kind, struct.unpack_from("=I", text, 2)[0], struct.unpack("=Q", word)[0], depth)
    if kind == BOOLEAN:
        return "true" if any(word) else "false"
    if kind == INTEGER:
        return str(struct.unpack("=q", word)[0])
    if kind == REAL:
        return repr(struct.unpack("=d", word)[0])
    if kind == STRING:
        return quoted(text[:length], length)
    if kind == BYTES:
        return f'b"{text[:length].hex()}"'
    return {NULL: "null", LIST: "[]", MAP: "{}"}.get(kind, "<no value>")


def member_text(x):
    return actor_text(int(x["ptr_"]))


def id_text(x):
    return f"{int(x['origin'])}:{int(x['number'])}"


def entry_text(x):
    return f"{member_text(x['who'])}: {value_text(x['data'])} ({id_text(x)})"


def incarnation_text(x):
    return f"{int(x['high']):016x}{int(x['low']):016x}"


def error_text(x):
    code = str(x["code_"]).rsplit("::", 1)[-1]
    details = int(x["details_"]["_M_ptr"])
    if details == 0:  # the message of the code, which the library has
        return code
    # They begin with a std::string.
    characters, size = struct.unpack("=QQ", memory(details, 16))
    return f"{code}: {memory(characters, size).decode('utf-8', 'replace')}"


TEXTS = [
    (r"^registry::(v[\d_]+::)?value$", value_text),
    (r"^registry::(v[\d_]+::)?entry$", entry_text),
    (r"^registry::(v[\d_]+::)?entry_id$", id_text),
    (r"^registry::(v[\d_]+::)?error$", error_text),
    (r"^registry::(v[\d_]+::)?incarnation$", incarnation_text),
    (r"^caf::intrusive_ptr<caf::actor_control_block>$", member_text),
]


class Printer:
    def __init__(self, x, text):
        self.x = x
        self.text = text

    def to_string(self):
        try:
            return self.text(self.x)
        except gdb.MemoryError:
            return "<not initialised>"


def printer_of(x):
    kind = x.type.unqualified().strip_typedefs()
    for pattern, text in TEXTS:
        if kind.tag and re.match(pattern, kind.tag):
            return Printer(x.cast(kind), text)
    return None


printer_of.__name__ = "registry"

# Sourced again, it takes its own place.
gdb.pretty_printers[:] = [printer_of] + [x for x in gdb.pretty_printers if getattr(x, "__name__", "") != "registry"]
