#pragma once

// Partner programs on the wire, and in the column that keeps a revision.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "partner-service/partner_programs/partner_program.h"
#include "tributary/partner/v1/partner_program.pb.h"

namespace tributary::partner {

v1::PartnerProgram ToProto(const PartnerProgram& program);
// The content that callers may set; INVALID_FIELD for what is malformed, and where a criterion is not exactly one of
// sales (of an amount or a quantity), certificates and active days.
absl::StatusOr<PartnerProgram> FromProto(const v1::PartnerProgram& program);

v1::PartnerProgram::Criterion ToProto(const LevelCriterion& criterion);
absl::StatusOr<LevelCriterion> FromProto(const v1::PartnerProgram::Criterion& criterion);

// The content without name and revision.
std::string ProgramToBytes(const PartnerProgram& program);
absl::StatusOr<PartnerProgram> ProgramFromBytes(std::string_view bytes);

// For the feed.
events::EventDraft Told(std::string_view verb, const PartnerProgram& program);

}  // namespace tributary::partner
