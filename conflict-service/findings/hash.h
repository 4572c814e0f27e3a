#pragma once

#include <string>
#include <string_view>

namespace tributary::conflict {

// SHA-256 of the text, 64 lower-case hexadecimal digits.
std::string Sha256Hex(std::string_view text);

}  // namespace tributary::conflict
