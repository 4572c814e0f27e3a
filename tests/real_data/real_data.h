#pragma once

#include <string>

namespace tributary::testing_support {

// The folder that TRIBUTARY_REAL_DATA names. The tests of this lane run only where it is set.
const std::string& RealDataFolder();

}  // namespace tributary::testing_support
