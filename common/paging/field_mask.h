#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace tributary {

// Copies from `from` into `to` (messages of one type) what an update names, by AIP-134:
//   a mask of paths   those fields: set as in `from`, cleared where `from` has none; lists and maps are replaced whole
//   an empty mask     the fields of `allowed` that are set in `from`
//   "*" alone         every field of `allowed`, so that the ones not set in `from` are cleared
// `allowed` are the paths that the method may change; what lies below an allowed path is allowed too.
// INVALID_FIELD, each violation at "<mask_field>.paths[i]", where a path is unknown, output only, an identifier,
// immutable or not allowed, or "*" is not alone; with an empty mask or "*", at the field itself, where an immutable one
// is set to another value. `to` is unchanged then.
absl::Status ApplyFieldMask(const google::protobuf::FieldMask& mask, const google::protobuf::Message& from,
                            google::protobuf::Message* to, const std::vector<std::string_view>& allowed,
                            std::string_view mask_field = "update_mask");

}  // namespace tributary
