#!/usr/bin/env python3
"""Tries abi.py on small libraries: what it must notice, and what it must leave alone."""

import pathlib
import subprocess
import tempfile
import unittest

import abi

HEADER = """#pragma once
namespace shop { struct ledger; struct order { int number; int amount; };
class till { public: explicit till(order); virtual ~till(); int sum() const; private: order last_; ledger* book_ = nullptr;
}; int total(const order&); inline int twice(int x) { return 2 * x; } }
"""
SOURCE = """#include "shop.hpp"
#include "internal/ledger.hpp"
shop::till::till(order x) : last_(x) {} shop::till::~till() = default; int shop::till::sum() const { return total(last_) + book_->line; }
int shop::total(const order& x) { return twice(x.number) * ledger{int(x.amount)}.line; }
"""
LEDGER = "#pragma once\nnamespace shop { struct ledger { int line; int page() const; }; }\n"
LEDGER_SOURCE = '#include "ledger.hpp"\nint shop::ledger::page() const { return line / 40; }\n'


def dump(**replaced):
    """The dump of the library after some of its texts were replaced: a pair of what was there and what is there now."""
    texts = {"shop.hpp": HEADER, "shop.cpp": SOURCE, "internal/ledger.hpp": LEDGER, "internal/ledger.cpp": LEDGER_SOURCE}
    for old, new in replaced.values():
        assert any(old in text for text in texts.values()), old
        texts = {name: text.replace(old, new) for name, text in texts.items()}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name, "shop")
        (folder / "internal").mkdir(parents=True)
        for file, text in texts.items():
            (folder / file).write_text(text)
        library = folder / "libshop.so"
        sources = ["shop.cpp", "internal/ledger.cpp"]
        command = ["g++", "-g", "-shared", "-fPIC", "-Wl,-soname,libshop.so.0.2", "-o", library, *sources]
        subprocess.run(command, check=True, cwd=folder)
        return abi.dump_library(library, folder)


class AbiTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.before = dump()

    def assert_breaks(self, word, **replaced):
        self.assertIn(word, abi.changes(self.before, dump(**replaced)))

    def assert_keeps(self, **replaced):
        self.assertEqual("", abi.changes(self.before, dump(**replaced)))

    def test_the_same_library_keeps(self):
        self.assert_keeps()

    def test_a_changed_struct_breaks(self):
        self.assert_breaks("order", change=("int amount;", "long amount;"))

    def test_a_new_member_breaks(self):
        self.assert_breaks("till", change=("order last_;", "order last_; int drawer_ = 0;"))

    def test_a_new_virtual_function_breaks(self):
        self.assert_breaks("till", header=("virtual ~till();", "virtual ~till(); virtual int drawer() const;"),
                           source=("int shop::total", "int shop::till::drawer() const { return 0; } int shop::total"))

    def test_a_removed_function_breaks(self):
        self.assert_breaks("total", header=("int total(const order&);", "int whole(const order&);"), use=("total(", "whole("))

    def test_other_parameters_break(self):
        self.assert_breaks("total", change=("total(const order&", "total(order"))

    def test_a_new_function_keeps(self):
        self.assert_keeps(header=("inline int", "int half(int); inline int"),
                          source=("int shop::total", "int shop::half(int x) { return x / 2; } int shop::total"))

    def test_what_is_internal_may_change(self):
        self.assert_keeps(change=("int line;", "long line;"), removed=(" int page() const;", ""), source=(LEDGER_SOURCE, "\n"))

    def test_versions(self):
        self.assertEqual(["0.2", "0.10", "1", "2"], [abi.soversion(one) for one in ("0.2.3", "0.10.0", "1.4.0", "2.0.0")])
        self.assertEqual(["0.3.0", "2.0.0"], [abi.soversion_after(one) for one in ("0.2.3", "1.4.0")])


if __name__ == "__main__":
    unittest.main()
