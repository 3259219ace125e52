#!/usr/bin/env python3
"""Writes the forms of coroutines: every awaitable in every shape of a loop, with owners that are copied around it.

usage: generate.py <directory> <number of files>

Every awaitable meets every shape of a loop. What is copied, how, what else the loop awaits and what the coroutine returns take turns, so
that any two of these six meet, too. The output depends on nothing but this file.
"""

import itertools
import string
import sys
from pathlib import Path
from typing import NamedTuple


class Awaitable(NamedTuple):
    operation: str
    setup: str = ""
    gives: str = "value"  # nothing, a value, or a condition: what converts to bool, and to false at the end


AWAITABLES = {
    "next_pointer": Awaitable("from.next()", "f->feed(f->pointers, &f->number);\nauto from = f->pointers;", "condition"),
    "next_owner": Awaitable(
        "from.next()", "f->feed(f->canaries, std::make_shared<canary>());\nauto from = f->canaries;", "condition"
    ),
    "push": Awaitable("to.push(&f->number)", "channel<int*> to{f->self, 2};\nf->drain(to);", "condition"),
    "request": Awaitable("f->self.request<std::string>(f->echo, 10s, f->word())"),
    "receive": Awaitable("f->self.receive<std::string>()", "f->feed_messages();"),
    "accept": Awaitable("f->self.accept<std::string>()", "f->feed_requests();"),
    "sleep": Awaitable("f->self.sleep_for(1ms)", gives="nothing"),
    "catch_up": Awaitable("f->self.catch_up()", gives="nothing"),
    "generator": Awaitable("from.next()", "auto from = f->stream();", "condition"),
    "event_stream": Awaitable(
        "from.next()",
        "f->feed_events();\nauto from = f->rooms.watch(f->name()).value();\nf->at_end = [&from] { from.stop(); };",
        "condition",
    ),
    "await_key": Awaitable("rooms.await_key(f->key(), f->patience())", "f->feed_keys();\nauto rooms = f->rooms;", "condition"),
    "synced": Awaitable("rooms.await_synced(10s)", "auto rooms = f->rooms;"),
    "task_of_nothing": Awaitable("f->pause()", gives="nothing"),
    "task_of_value": Awaitable("f->count()"),
    "task_of_result": Awaitable("f->give()", gives="condition"),
    "task_of_optional": Awaitable("f->maybe()", gives="condition"),
    "task_with_owner": Awaitable("keep(f, $source)"),
    "own_awaiter": Awaitable("keeper(f, $source)"),
    "when_any": Awaitable("when_any(f->self, f->maybe(), f->self.sleep_for(10s))"),
    "when_all": Awaitable("when_all(f->self, f->give(), f->maybe())"),
    "with_timeout": Awaitable("with_timeout(f->self, 10s, f->give())", gives="condition"),
    "join": Awaitable("f->join(children)", "nursery children{f->self};"),
}

# $condition awaits the operation in a condition, and $seen looks at what it gave; $expression awaits it in an expression; $take awaits
# it in a statement and leaves the loop at the end; $body is what the loop does, and $round the same where that is no turn;
# $done ends the coroutine.
SHAPES = {
    "while": "while ($condition) {\n$seen\n$body\n}",
    "for": "for (int i = 0; $condition; ++i) {\n$seen\n$body\n}",
    "if": "for (;;) {\nif ($condition) {\n$seen\n$body\n} else {\nbreak;\n}\n}",
    "do_while": "do {\n$body\n} while ($expression);",
    "early_return": "for (;;) {\n$take_or_return\n$body\n}",
    "continue": "while (f->more()) {\n$take\nif (f->turns() % 2 == 1) {\nf->turn();\ncontinue;\n}\n$body\n}",
    "named": "for (;;) {\nauto operation = $operation;\n$take_named\n$body\n}",
    "moved": "for (;;) {\nauto first = $operation;\nauto operation = std::move(first);\n$take_named\n$body\n}",
    "inside_try": "for (;;) {\ntry {\n$take\n$body\nthrow f->turns();\n} catch (int turns) {\nif (turns != f->turns())\nf->wrong("
    '"another exception");\n}\n}',
    "around_try": "try {\nwhile ($condition) {\n$seen\n$body\n}\nthrow f->turns();\n} catch (int) {\n$done\n}",
    "nested": "while ($condition) {\n$seen\nwhile (f->waits()) {\n$round\n}\n$body\n}",
    "inner_of_two": "while (f->more()) {\nauto outer = f->copy<$owner>();\nfor (int i = 0; i < 2 && f->more(); ++i) {\n$take\n$body\n}\n"
    "f->see(outer);\n}",
    "range_for": "for (const auto& each : f->several_numbers()) {\n$take\nif (each != 7)\nbreak;\n$body\n}",
    "switch": "while (f->more()) {\nswitch (f->turns() % 3) {\ncase 0: {\n$take\n$body\nbreak;\n}\ncase 1: {\n$body\nbreak;\n}\n"
    "default: {\n{\n$round\n}\n$body\n}\n}\n}",
    "with_timeout": "while (auto x = co_await with_timeout(f->self, 10s, $operation)) {\nif (!f->good(x))\nbreak;\n$body\n}",
    "when_any": "for (;;) {\nauto x = co_await when_any(f->self, $operation, f->self.sleep_for(10s));\nif (!f->good(x) || x.index() != 0)\n"
    "break;\n$body\n}",
    "structured_binding": "for (;;) {\nauto [x, y] = co_await when_all(f->self, $operation, f->step());\nif (!f->good(x) || !y)\nbreak;\n"
    "$body\n}",
}

OWNERS = {
    "channel": "channel<shared_canary>",
    "shared_ptr": "shared_canary",
    "weak_ptr": "std::weak_ptr<canary>",
    "string": "std::string",
    "function": "std::function<bool()>",
    "span": "std::span<const canary>",
    "pointers": "std::pair<const canary*, const canary*>",
    "counted_pair": "counted_pair",
    "actor": "caf::actor",
    "optional": "std::optional<shared_canary>",
    "vector": "std::vector<shared_canary>",
    "pair": "std::pair<shared_canary, shared_canary>",
    "value": "value",
    "scope": "scope",
    "canary": "canary",
    "unique_ptr": "std::unique_ptr<canary>",
}

# Where the owner is copied: what the coroutine gets, what stands before the loop and at the begin of its body.
PLACES = {
    "before": ("fixture* f", "auto kept = f->copy<$owner>();", "auto& held = kept;"),
    "inside": ("fixture* f", "", "auto held = f->copy<$owner>();"),
    "twice": ("fixture* f", "auto kept = f->copy<$owner>();", "auto held = $kept;"),
    "parameter": ("fixture* f, $owner kept", "", "auto held = $kept;"),
    "lambda": ("fixture* f, $owner kept", "", "auto held = $kept;"),
}

# What else the loop awaits.
INNER = [
    "auto may = co_await f->step();\nif (!may)\n$fail",
    "auto may = co_await f->self.request<std::string>(f->echo, 10s, f->word());\nif (!may)\n$fail",
    "co_await f->self.sleep_for(1ms);",
    "auto may = co_await keep(f, $given);\nif (!may)\n$fail",
    "auto may = co_await keeper(f, $given);\nif (!may)\n$fail",
]

# What the coroutine returns, and how it returns at its end and before.
RETURNS = [
    ("task<result<void>>", "co_return success();", "co_return errc::failed;"),
    ("task<>", "co_return;", "co_return;"),
    ("task<int>", "co_return f->turns();", "co_return -1;"),
    ("task<std::string>", "co_return f->word();", "co_return std::string();"),
]

# Forms that GCC 12 gets wrong without the option that the package asks for.
EXPOSED = {"await_key_do_while", "task_with_owner_while"}


def fill(template, parts):
    """Parts may contain parts."""
    while "$" in template:
        template = string.Template(template).substitute(parts)
    return template


def take(gives, operation, leave):
    if gives == "nothing":
        return f"co_await {operation};\nif (!f->more())\n{leave}"
    return f"auto x = co_await {operation};\nif (!f->good(x))\n{leave}"


def indent(lines):
    depth = 0
    hanging = False
    for line in filter(None, lines.splitlines()):
        depth -= line.startswith("}")
        yield "  " * (depth + hanging) + line + "\n"
        depth += line.endswith("{")
        hanging = line.startswith("if (") and line.endswith(")")


def write_form(function, awaitable, shape, owner, place, inner, returns):
    a = AWAITABLES[awaitable]
    parameters, before, begin = PLACES[place]
    result, done, fail = returns
    expression = "(co_await $operation, f->more())" if a.gives == "nothing" else "f->good(co_await $operation)"
    moved_only = owner == "unique_ptr"
    end = "\nkept = std::move(held);" if moved_only and "$kept" in begin else ""
    has_kept = place != "inside" and not moved_only
    parts = {
        "owner": OWNERS[owner],
        "kept": "std::move(kept)" if moved_only else "kept",
        "source": "kept" if has_kept else "f->copy<$owner>()",
        "given": "f->copy<$owner>()" if moved_only else "held",
        "operation": a.operation,
        "condition": "auto x = co_await $operation" if a.gives == "condition" else expression,
        "seen": "f->check(x);" if a.gives == "condition" else "",
        "expression": expression,
        "take": take(a.gives, "$operation", "break;"),
        "take_or_return": take(a.gives, "$operation", "$done"),
        "take_named": take(a.gives, "std::move(operation)", "break;"),
        "inner": inner,
        "round": begin + "\n$inner\nf->see(held);" + end,
        "body": begin + "\n$inner\nf->see(held);\nf->turn();" + end,
        "done": done,
        "fail": fail,
        "result": result,
    }
    head = f"constexpr auto {function} = []({parameters}) -> $result {{" if place == "lambda" else f"$result {function}({parameters}) {{"
    last = "};" if place == "lambda" else "}"
    text = "\n".join(filter(None, [head, a.setup, before, SHAPES[shape], done, last]))
    return "".join(indent(fill(text, parts)))


def every_form():
    """The function of each form, its code and its entry in the table."""
    for n, (awaitable, shape) in enumerate(itertools.product(AWAITABLES, SHAPES)):
        a, s = divmod(n, len(SHAPES))
        owner = list(OWNERS)[(s + 3 * a) % len(OWNERS)]
        place = list(PLACES)[n // 3 % len(PLACES)]
        function = f"{awaitable}_{shape}"
        code = write_form(function, awaitable, shape, owner, place, INNER[n // 4 % len(INNER)], RETURNS[n // 2 % len(RETURNS)])
        arguments = f"f, f->copy<{OWNERS[owner]}>()" if place in ("parameter", "lambda") else "f"
        name = f"{awaitable}/{shape}/{owner}/{place}"
        yield function, code, f'{{"{name}", [](fixture* f) {{ return outcome(f, {function}({arguments})); }}}},\n'


def write_source(path, forms):
    code = "\n".join(code for _, code, _ in forms)
    entries = "".join(f"  {entry}" for _, _, entry in forms)
    path.write_text(
        f'#include "fixture.hpp"\n\nnamespace forms {{\n\nnamespace {{\n\n{code}\n}} // namespace\n\n'
        f"extern const std::vector<form> {path.stem};\nconst std::vector<form> {path.stem}{{\n{entries}}};\n\n}} // namespace forms\n"
    )


def main():
    directory, files = Path(sys.argv[1]), int(sys.argv[2])
    forms = list(every_form())
    size = -(-len(forms) // files)
    names = [f"forms_{i + 1}" for i in range(files)]
    for i, name in enumerate(names):
        write_source(directory / f"{name}.cpp", forms[i * size : (i + 1) * size])
    write_source(directory / "exposed_forms.cpp", [form for form in forms if form[0] in EXPOSED])
    declarations = "".join(f"extern const std::vector<form> {name};\n" for name in names)
    (directory / "all_forms.cpp").write_text(
        f'#include "fixture.hpp"\n\nnamespace forms {{\n\n{declarations}\n'
        f"const std::vector<const std::vector<form>*> all_forms{{{', '.join('&' + name for name in names)}}};\n\n}} // namespace forms\n"
    )


if __name__ == "__main__":
    main()
