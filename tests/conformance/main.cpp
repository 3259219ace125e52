// Replays recorded traces of the real peer against one node of this project: see FORMAT.md.

#include <conformance/program.hpp>

#include <iostream>

int main(int argc, char** argv) {
  return registry::conformance::run_program({argv + 1, argv + argc}, std::cout, std::cerr);
}
