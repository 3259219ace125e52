#!/usr/bin/env python3
"""manual_pages.py PROGRAM PAGE [COMMAND…]: fails unless the manual page has the options that the program's help has, and no others.
The program is asked for help for itself and for each of its commands."""

import re
import subprocess
import sys

# What every program has, and not every version of its help mentions; an option of CAF that a help has as an example.
GENERAL = {"--config-file", "--help", "--scheduler.max-threads", "--caf.scheduler.max-threads", "--version"}
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*(?:\.[a-z][a-z-]*)*")


def options(text):
    return set(OPTION.findall(text))


def text_of(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with status {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def options_of_page(source):
    """Those that the page describes, each in an item of a list."""
    items = re.findall(r"^\.It (.*)$", source, re.MULTILINE)
    return {"--" + name for item in items for name in re.findall(r"Fl -([a-z][a-z-]*(?: ?\. ?[a-z][a-z-]*)?)", item)}


def differences(helped, described):
    return ([f"{one} is in the help and not in the page" for one in sorted(helped - described - GENERAL)] +
            [f"{one} is in the page and not in the help" for one in sorted(described - helped - GENERAL)])


def check_itself():
    page = ".It Fl -chat.port Ns = Ns Ar number\nPort.\n.It Fl h , Fl -help\nSee\n.Fl -elsewhere .\n"
    assert options_of_page(page) == {"--chat.port", "--help"}, options_of_page(page)
    assert options("  --chat.port=<uint16>\n use --queue NAME, -h or (-?|--help)") == {"--chat.port", "--queue", "--help"}
    assert differences({"--a", "--b"}, {"--b", "--c", "--version"}) == ["--a is in the help and not in the page",
                                                                    "--c is in the page and not in the help"]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    check_itself()
    program, page, *commands = sys.argv[1:]
    helped = options("".join(text_of(program, *command, "--help") for command in [[], *([one] for one in commands)]))
    with open(page, encoding="utf-8") as file:
        described = options_of_page(file.read())
    found = differences(helped, described)
    if not helped & described:
        found.append("they have nothing in common")
    if found:
        sys.exit(f"{program} and {page} differ:\n" + "\n".join(found))


if __name__ == "__main__":
    main()
