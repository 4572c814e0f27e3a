#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tributary::inventory {

// Lists of texts in one column: each as its length, a colon and its bytes ("3:abc0:"), so that any byte may occur.
std::string PackTexts(const std::vector<std::string_view>& texts);
// What PackTexts was given. What it did not write is a programming error and ends the process.
std::vector<std::string> UnpackTexts(std::string_view packed);

}  // namespace tributary::inventory
