#pragma once

// Documents on the wire.

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/documents/document.h"
#include "tributary/partner/v1/document.pb.h"

namespace tributary::partner {

v1::Document ToProto(const Document& document, Date today);
// The content that callers may set; INVALID_FIELD for what is malformed.
absl::StatusOr<Document> FromProto(const v1::Document& document);
// The kinds of a repeated field in their order, each once; INVALID_FIELD at `field`[i] where one is not set.
absl::StatusOr<std::vector<DocumentKind>> KindsFromProto(const google::protobuf::RepeatedField<int>& kinds,
                                                         std::string_view field);
// For the feed, with the state that it was told. Its key is the owner's id.
events::EventDraft Told(std::string_view verb, const Document& document);

}  // namespace tributary::partner
