#pragma once

// Reads JSON as RFC 8259 writes it and nothing more, before any other parser sees it: protobuf's own takes duplicate
// keys, single quotes, unquoted keys, trailing commas, +5 and NaN, and needs seconds for a few nested kilobytes.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace tributary {

struct JsonLimits {
  size_t max_bytes = 4 * 1024 * 1024;
  int max_depth = 32;
  size_t max_values = 200'000;
  size_t max_number_length = 64;
};

struct JsonMember;

struct JsonValue {
  enum class Kind { kNull, kBool, kNumber, kString, kArray, kObject };
  Kind kind = Kind::kNull;
  std::string_view
      token;         // as it stands in the source, with the quotation marks of a string; empty for arrays and objects
  std::string text;  // of a string, without its escapes
  std::vector<JsonValue> items;
  std::vector<JsonMember> members;  // in their order; keys differ
};

struct JsonMember {
  std::string key;
  JsonValue value;
};

std::string_view NameOf(JsonValue::Kind kind);

// The value that the whole of `text` is; it points into `text`. MALFORMED_JSON (PAYLOAD_TOO_LARGE beyond max_bytes)
// with the path of the value, what was got and what is wanted, and line and column as metadata. Linear in time and
// memory.
absl::StatusOr<JsonValue> ScanJson(std::string_view text, const JsonLimits& limits = {});

}  // namespace tributary
