#pragma once

// The encoding of a text from outside.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace tributary::inventory {

struct DecodedText {
  std::string text;  // UTF-8, without a byte order mark; a byte FF stands for what is malformed in the source
  std::string encoding;
};

// As SheetOptions::encoding says. INVALID_FIELD "encoding" where the name is not one of those, or where a byte order
// mark says otherwise than what is declared.
absl::StatusOr<DecodedText> DecodeText(std::string_view bytes, std::string_view declared);

}  // namespace tributary::inventory
