#pragma once

// Applications on the wire, and how a screening is kept in the database.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/applications/application.h"
#include "partner-service/applications/gates.h"
#include "tributary/partner/v1/application.pb.h"

namespace tributary::partner {

// As it is shown on `today`: to the applicant without what the screening found and who asked and decided.
v1::Application ToProto(const Application& application, Date today, Viewer viewer);
// The content that callers may set, without an id and with the documents' names alone; INVALID_FIELD where a name in it
// is malformed.
absl::StatusOr<Application> FromProto(const v1::Application& application);
v1::BatchScreenApplicationsResponse::Screened ScreenedOf(const Application& application);
// For the feed, on the day of its last change.
events::EventDraft Told(std::string_view verb, const Application& application);

// A screening as the bytes of its message: it is kept as it was given, whatever later criteria sets look like.
std::string ScreeningToBytes(const Screening& screening);
absl::StatusOr<Screening> ScreeningFromBytes(std::string_view bytes);

}  // namespace tributary::partner
