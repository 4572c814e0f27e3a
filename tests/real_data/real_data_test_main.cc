// Runs the tests that read real data, where TRIBUTARY_REAL_DATA names its folder. Where it does not, nothing can be
// said: the program says so and ends with the code that ctest counts as skipped, not as passed.

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/real_data/real_data.h"

namespace tributary::testing_support {

const std::string& RealDataFolder() {
  static const std::string folder = [] {
    const char* variable = std::getenv("TRIBUTARY_REAL_DATA");
    return std::string(variable == nullptr ? "" : variable);
  }();
  return folder;
}

}  // namespace tributary::testing_support

int main(int argc, char** argv) {
  constexpr int kSkipped = 77;
  testing::InitGoogleMock(&argc, argv);
  const std::string& folder = tributary::testing_support::RealDataFolder();
  if (folder.empty()) {
    std::fputs(
        "SKIPPED: the real-data tests did not run; set TRIBUTARY_REAL_DATA to the folder that holds "
        "adventureworks_dw\n",
        stderr);
    return kSkipped;
  }
  if (!std::filesystem::is_directory(folder)) {
    std::fprintf(stderr, "TRIBUTARY_REAL_DATA names '%s', which is not a folder\n", folder.c_str());
    return 1;
  }
  return RUN_ALL_TESTS();
}
