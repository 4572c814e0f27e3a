#pragma once

// Courses and certificates on the wire.

#include <string_view>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/courses/course.h"
#include "tributary/partner/v1/certificate.pb.h"
#include "tributary/partner/v1/course.pb.h"

namespace tributary::partner {

v1::Course ToProto(const Course& course);
// The content that callers may set.
Course FromProto(const v1::Course& course);
v1::Certificate ToProto(const Certificate& certificate);
// The content that callers may set; INVALID_FIELD for what is malformed.
absl::StatusOr<Certificate> FromProto(const v1::Certificate& certificate);
// For the feed.
events::EventDraft Told(std::string_view verb, const Course& course);
events::EventDraft Told(std::string_view verb, const Certificate& certificate);

}  // namespace tributary::partner
