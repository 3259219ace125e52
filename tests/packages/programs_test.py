#!/usr/bin/env python3
"""programs_test.py BIN CONFIG: runs the installed programs in BIN as their units do, with the configuration in the folder CONFIG, but
on ports that the system chooses."""

import json
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

SECONDS = 60


def line_with(stream, pattern):
    """The first line of a program that matches."""
    for line in stream:
        if found := re.search(pattern, line):
            return found
    raise AssertionError(f"the program ended without saying {pattern}")


def end(program):
    program.send_signal(signal.SIGTERM)
    return program.wait(SECONDS)


class ProgramsTest(unittest.TestCase):
    def start(self, *command, **pipe):
        program = subprocess.Popen([str(one) for one in command], text=True, **pipe)
        self.addCleanup(program.wait)
        self.addCleanup(program.kill)
        return program

    def test_a_client_talks_to_the_server_and_hears_its_end(self):
        options = [f"--config-file={CONFIG}/chat.conf", "--chat.port=0"]
        server = self.start(BIN / "registry-chat", *options, stderr=subprocess.PIPE)
        port = line_with(server.stderr, r"listening on 127\.0\.0\.1:(\d+)").group(1)
        with socket.create_connection(("127.0.0.1", int(port)), SECONDS) as client:
            client.sendall(b"NICK ann\r\nUSER ann 0 * :Ann\r\n")
            lines = client.makefile("r", encoding="utf-8")
            line_with(lines, r"^:chat\.localdomain 001 ann ")
            self.assertEqual(0, end(server))
            line_with(lines, r"^ERROR ")
        server.stderr.close()

    def test_a_worker_does_a_job_and_ends_in_order(self):
        common = [f"--config-file={CONFIG}/dispatch.conf"]
        worker = self.start(BIN / "registry-dispatch", "worker", "--queue", "sums", *common, stdout=subprocess.PIPE)
        address = line_with(worker.stdout, r"listening on (\S+)").group(1)
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as jobs:
            jobs.write('{"id": 1, "work": "sum", "numbers": [1, 2, 3]}\n')
            jobs.flush()
            submitted = subprocess.run([BIN / "registry-dispatch", "submit", "--queue", "sums", "--jobs", jobs.name, *common,
                                        f'--registry.seeds=["{address}"]'],
                                       capture_output=True, text=True, timeout=SECONDS)
        self.assertEqual(0, submitted.returncode, submitted.stderr)
        result = json.loads(submitted.stdout)
        self.assertEqual((1, "done", 6), (result["id"], result["status"], result["output"]))
        self.assertEqual(0, end(worker))
        worker.stdout.close()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    CONFIG = pathlib.Path(sys.argv.pop())
    BIN = pathlib.Path(sys.argv.pop())
    unittest.main()
