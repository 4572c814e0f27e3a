#pragma once

// Approval policies and tasks on the wire, and what of them is stored as bytes.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/auth/identity.h"
#include "common/events/outbox.h"
#include "partner-service/approvals/approval_policy.h"
#include "partner-service/approvals/approval_task.h"
#include "tributary/partner/v1/approval_policy.pb.h"
#include "tributary/partner/v1/approval_task.pb.h"

namespace tributary::partner {

v1::ApprovalPolicy ToProto(const ApprovalPolicy& policy);
// What callers may set. INVALID_FIELD: a band's amount; a role that approves nothing.
absl::StatusOr<ApprovalPolicy> FromProto(const v1::ApprovalPolicy& policy);
v1::ApprovalTask ToProto(const ApprovalTask& task);
// What another service asks for. INVALID_FIELD, as CheckAsk; an amount that is none.
absl::StatusOr<ApprovalAsk> AskFromProto(const v1::ApprovalTask& task);

Approver ApproverOf(const auth::Identity& identity);

std::string ApprovalBandsToBytes(const std::vector<ApprovalBand>& bands);
absl::StatusOr<std::vector<ApprovalBand>> ApprovalBandsFromBytes(std::string_view bytes);
std::string DelegationsToBytes(const std::vector<ApprovalDelegation>& delegations);
absl::StatusOr<std::vector<ApprovalDelegation>> DelegationsFromBytes(std::string_view bytes);

// For the feed. Tasks are the vendor's own: they are not told under the partner's key.
events::EventDraft Told(std::string_view verb, const ApprovalPolicy& policy);
events::EventDraft Told(std::string_view verb, const ApprovalTask& task);

}  // namespace tributary::partner
