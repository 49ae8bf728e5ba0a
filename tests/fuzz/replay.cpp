// A fuzz target without a fuzzer: tries every file in the folder that it is given.
#include <filesystem>
#include <fstream>

#include "harness.hpp"

int main(int, char** argv) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    std::cout << entry.path().filename().string() << std::endl;  // before a failure that ends the program
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    ++count;
  }
  std::cout << count << " files" << std::endl;
  return count > 0 ? 0 : 1;
}
