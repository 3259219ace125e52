#!/usr/bin/env python3
"""The ABI of the shared libraries: what programs that were built with the installed headers rely on.

    abi.py dump BUILD VERSION FOLDER    writes it into FOLDER, for the libraries of the build tree BUILD
    abi.py check BUILD VERSION FOLDER   compares, and fails if such programs would break

An interface is a function with external linkage outside of folders internal/, and what it reaches of the types that installed
headers define. So a change of what is inline only, or a template, is not seen. VERSION is that of the project: when its SOVERSION is
no longer that of FOLDER, everything may change, and the dump is to be written again. Needs abidw and abidiff (abigail-tools)."""

import lzma
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIBRARIES = {"libregistry/libregistry_core.so": "libregistry", "actors/libregistry_actors.so": "actors"}


def soversion(version):
    """Before 1.0 every minor version may break (CONTRIBUTING.md)."""
    parts = version.split(".")
    return parts[0] if parts[0] != "0" else ".".join(parts[:2])


def run(*command, statuses=(0,), given=""):
    done = subprocess.run([str(x) for x in command], input=given, capture_output=True, text=True)
    if done.returncode not in statuses:
        sys.exit(f"abi: {command[0]} ended with status {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


def is_public(path, folder):
    """Whether what a source declares is for users, where header and source stand side by side."""
    return re.search(rf"(^|/){folder}/", path) is not None and "/internal/" not in path


def interfaces(library, folder):
    """The symbols of the functions that are defined where users may include, and are not inline."""
    defined = [line.split() for line in run("nm", "--dynamic", "--defined-only", library).stdout.splitlines()]
    functions = [(address, symbol) for address, kind, symbol in defined if kind == "T"]
    sources = run("addr2line", "--exe", library, given="".join(f"0x{address}\n" for address, _ in functions)).stdout.splitlines()
    return sorted(symbol for (_, symbol), source in zip(functions, sources, strict=True) if is_public(source, folder))


def public_headers(sources, target):
    """Links to the headers that are installed: libabigail asks for their folder, and knows them by their names."""
    for header in sources.rglob("*.hpp"):
        if "internal" not in header.parts:
            link = target / header.relative_to(sources)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(header)


def dump_library(library, sources):
    """As XML; sources is the folder whose name tells what belongs to the library."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        public_headers(sources, folder / "headers")
        options = ["--headers-dir", folder / "headers", "--drop-private-types", "--no-corpus-path", "--no-comp-dir-path"]
        symbols = interfaces(library, sources.name)
        if not symbols:
            sys.exit(f"abi: {library} has no interface; was it built with -g?")
        (folder / "symbols").write_text("[abi_whitelist]\n" + "".join(f"  {one}\n" for one in symbols))
        options += ["--short-locs", "--exported-interfaces-only", "--kmi-whitelist", folder / "symbols"]
        return run("abidw", *options, library).stdout


def changes(old, new):
    """What would break programs, or nothing. Both are dumps."""
    with tempfile.TemporaryDirectory() as name:
        paths = [pathlib.Path(name, "old.abi"), pathlib.Path(name, "new.abi")]
        for path, text in zip(paths, (old, new)):
            path.write_text(text)
        # 4 is a change, with 8 one that is known to break; new functions break nobody.
        done = run("abidiff", "--no-added-syms", "--no-show-locs", *paths, statuses=(0, 4, 12))
        return done.stdout if done.returncode else ""


def dumps(build):
    for library, sources in LIBRARIES.items():
        yield pathlib.Path(library).stem + ".abi.xz", dump_library(build / library, ROOT / sources)


def main():
    if len(sys.argv) != 5 or sys.argv[1] not in ("dump", "check"):
        sys.exit(__doc__)
    action, version = sys.argv[1], sys.argv[3]
    build, folder = pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[4])
    if action == "dump":
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in dumps(build):
            (folder / name).write_bytes(lzma.compress(text.encode(), preset=9))
        (folder / "version").write_text(version + "\n")
        return
    if not (folder / "version").exists():
        sys.exit(f"abi: the ABI of {version} was never written down; do so with ./dev abi, and commit {folder}")
    dumped = (folder / "version").read_text().strip()
    if soversion(dumped) != soversion(version):
        sys.exit(f"abi: {folder} is the ABI of {dumped}, and {version} has one of its own; write it with ./dev abi")
    broken = {name: found for name, text in dumps(build)
              if (found := changes(lzma.decompress((folder / name).read_bytes()).decode(), text))}
    for name, found in broken.items():
        print(f"abi: {name}: programs that were built with {dumped} would break:\n{found}")
    if broken:
        sys.exit(f"abi: {version} may not do that; undo it, or make it {soversion_after(version)} and write that ABI with ./dev abi")
    print(f"abi: programs that were built with {dumped} run with {version}")


def soversion_after(version):
    major, minor, _ = version.split(".")
    return f"0.{int(minor) + 1}.0" if major == "0" else f"{int(major) + 1}.0.0"


if __name__ == "__main__":
    main()
