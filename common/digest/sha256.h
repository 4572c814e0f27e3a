#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace tributary {

// SHA-256 (FIPS 180-4): 32 bytes.
std::string Sha256(std::string_view bytes);
// The same as 64 lower-case hexadecimal digits, as sha256sum prints it.
std::string Sha256Hex(std::string_view bytes);
// Of several texts, each with its length before it, so that no two lists give one input.
std::string Sha256Of(std::initializer_list<std::string_view> texts);

// Lower-case hexadecimal digits.
std::string Hex(std::string_view bytes);

}  // namespace tributary
