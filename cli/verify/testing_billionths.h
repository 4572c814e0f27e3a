#pragma once

// Numbers of tests.

#include "cli/verify/fraction.h"

namespace tributary::cli::verify {

// Ends the test where the text is none.
inline Integer B(std::string_view text) { return *ParseBillionths(text); }

}  // namespace tributary::cli::verify
