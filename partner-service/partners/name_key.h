#pragma once

// Under which key a legal name is found again that is written otherwise.

#include <string>
#include <string_view>

#include "common/digest/sha256.h"
#include "common/matching/customer_name.h"

namespace tributary::partner {

// SHA-256 of the name's key (matching::kNameMatchingVersion), 64 hexadecimal digits: equal for names that matching
// calls the same.
inline std::string NameKeyOf(std::string_view legal_name) { return Sha256Hex(matching::KeyOf(legal_name).key); }

}  // namespace tributary::partner
