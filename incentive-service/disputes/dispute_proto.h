#pragma once

// Disputes on the wire.

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "incentive-service/disputes/dispute_store.h"
#include "tributary/incentive/v1/dispute.pb.h"

namespace tributary::incentive {

// partners/{partner}/statements/{statement}/disputes/{dispute}.
absl::StatusOr<DisputeKey> ParseDisputeName(std::string_view name);

v1::Dispute ToProto(const Dispute& dispute);
// What is to be opened about a statement, without an id.
Dispute FromProto(const v1::Dispute& message, const Statement& statement);

}  // namespace tributary::incentive
