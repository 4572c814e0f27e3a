#pragma once

#include "absl/status/status.h"
#include "common/json/json_scan.h"
#include "google/protobuf/descriptor.h"

namespace tributary::gateway {

// Whether the value can be the message, strictly: every key a field (by its JSON or its proto name, not by both), every
// value of the field's type. Whole numbers are digits alone, as a number or as a text, and in range; texts are texts;
// enums are known; at most one field of a oneof. null stands for absent. INVALID_FIELD with every violation (the first
// 100), with the path of each in proto names below `path`.
absl::Status CheckJson(const JsonValue& value, const google::protobuf::Descriptor& message, std::string_view path = "");

}  // namespace tributary::gateway
