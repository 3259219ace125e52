#!/usr/bin/python3
"""Tests of what finds the mutants and writes them."""

import subprocess
import tempfile
import unittest
from pathlib import Path

import schemata
import sites
from source import Source

HERE = Path(__file__).resolve().parent


def mutants(text):
    """The nodes of a text, and the source."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "text.cpp"
        path.write_text(text)
        unit = sites.parse(str(path), ["-std=c++20"])
        errors = [str(x) for x in unit.diagnostics if x.severity >= 3]
        assert not errors, errors
        source = Source(str(path), path.read_bytes())
        return source, sites.find(unit, source)


def shown(text):
    return [x.shown for node in mutants(text)[1] for x in node.mutations if x.first is None]


class Finding(unittest.TestCase):
    def test_a_relation_gains_or_loses_its_bound(self):
        self.assertEqual(shown("bool f(int a, int b) { return a < b; }"), ["a < b: < to <="])

    def test_a_comparison_that_the_compiler_turns_around_is_found(self):
        text = "struct s { bool operator==(const s&) const; }; bool f(s a, s b) { return a != b; }"
        self.assertEqual(shown(text), ["a != b: != to =="])

    def test_a_condition_is_negated_unless_it_is_one_comparison(self):
        self.assertEqual(shown("int f(bool a) { if (a) return 1 < 2; return 0; }")[0], "a: negated")
        self.assertNotIn("a == b: negated", shown("bool f(int a, int b) { if (a == b) return true; return false; }"))

    def test_the_condition_behind_an_initialiser_is_negated(self):
        self.assertIn("x: negated", shown("bool f(bool a) { if (bool x = a; x) return true; return false; }"))

    def test_numbers_become_their_neighbours(self):
        found = shown("int f(int a) {\n  return a * 2;\n}")
        self.assertEqual(found, ["return a * 2;: 2 to 3", "return a * 2;: 2 to 1"])

    def test_what_the_compiler_evaluates_is_left_alone(self):
        for text in (
            "constexpr int x = 1 + 2;",
            "void f() { static_assert(1 < 2); }",
            "void f() { constexpr int x = 1 + 2; static const int y = 3; }",
            "template <int N> bool g(); bool f() { return g<3>(); }",
            "void f(int x) { switch (x) { case 1: break; } }",
            "void f() { int x[4]; }",
            "int f(int x, int* a, int* b) { x = x >> x; return a - b; }",
            "consteval int f(int x) { return x + 1; }",
            "struct s { int x; friend bool operator==(const s&, const s&) = default; };",
        ):
            with self.subTest(text):
                self.assertEqual([x for x in shown(text) if "removed" not in x], [])

    def test_macros_are_left_alone(self):
        text = "#define CHECKED(x) ((x) + 1)\n#define assert(x) ((void)(x))\nint f(int a) { assert(a < 3); return CHECKED(a); }"
        self.assertEqual(shown(text), [])

    def test_only_statements_that_may_depend_on_each_other_are_swapped(self):
        declared = "struct s { int a, b; }; void g(int&); void f(s& x, int& y) {"
        self.assertFalse(any("swapped" in x for x in shown(declared + " x.a = 1; x.b = 2; }")))
        self.assertTrue(any("swapped" in x for x in shown(declared + " y = 1; g(y); }")))

    def test_each_piece_between_semicolons_of_a_for_is_no_statement(self):
        self.assertEqual(
            [x for x in shown("void g(); void f() { for (int i = 0; i < 3; ++i) g(); }") if "removed" in x], ["g(); removed"]
        )


class Writing(unittest.TestCase):
    PROGRAM = """
struct counter { int n = 0; void add(int x) { n += x; } };
int f(int a, int b) {
  counter c;
  if (a < b && b < 10) // a comment
    c.add(1);
  else
    c.add(2);
  c.n = c.n * 3;
  c.add(a - b);
  return c.n;
}
"""
    MAIN = """
int f(int, int);
int main() { return f(1, 2) == 2 && f(2, 1) == 7 && f(2, 2) == 6 && f(1, 10) == -3 && f(1, 9) == -5 ? 0 : 1; }
"""

    def test_one_program_is_every_mutant(self):
        source, nodes = mutants(self.PROGRAM)
        number = 0
        for node in nodes:
            for x in node.mutations:
                if x.first is None:
                    number += 1
                    x.ident = number
        text = b"#include <mutation/mutation.hpp>\n#line 1\n" + schemata.render(source, nodes)
        self.assertEqual(text.count(b"\n"), source.text.count(b"\n") + 2)
        with tempfile.TemporaryDirectory() as directory:
            (Path(directory) / "mutation").symlink_to(HERE)
            (Path(directory) / "program.cpp").write_bytes(text)
            (Path(directory) / "main.cpp").write_text(self.MAIN)
            program = Path(directory) / "program"
            files = [f"{directory}/program.cpp", f"{directory}/main.cpp", HERE / "mutation.cpp"]
            subprocess.run(["c++", "-std=c++20", "-w", f"-I{directory}", *files, "-o", program], check=True)
            run = lambda x: subprocess.run([program], env={"REGISTRY_MUTANT": str(x)}, timeout=10).returncode
            self.assertEqual(run(0), 0)
            survivors = [x.shown for n in nodes for x in n.mutations if x.first is None and run(x.ident) == 0]
            self.assertEqual(survivors, [])

            record = Path(directory) / "reached"
            record.write_bytes(bytes(number + 1))
            subprocess.run([program], env={"REGISTRY_MUTANTS_REACHED": str(record)}, check=True)
            self.assertEqual(record.read_bytes(), b"\0" + b"\1" * number)


if __name__ == "__main__":
    unittest.main()
