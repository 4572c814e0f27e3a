#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace tributary::inventory {

// The 32 bytes of SHA-256.
std::string Sha256(std::string_view bytes);
// Of several texts, each with its length before it, so that no two lists give one input.
std::string Sha256Of(std::initializer_list<std::string_view> texts);
// Lower-case hexadecimal digits.
std::string Hex(std::string_view bytes);

}  // namespace tributary::inventory
