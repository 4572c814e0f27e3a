#include "conflict-service/contests/evidence.h"

#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"

namespace tributary::conflict {
namespace {

absl::Status CheckOpen(const Deal& deal, std::string_view verb) {
  if (deal.state == Deal::State::kDraft || deal.Claims()) return absl::OkStatus();
  return WrongState(deal.name, verb, NameOf(deal.state), "DRAFT, SUBMITTED, UNDER_REVIEW");
}

}  // namespace

absl::StatusOr<Evidence> NewEvidence(Evidence draft, const Deal& deal, std::string_view field, absl::Time now) {
  std::vector<FieldViolation> violations;
  if (draft.date > LatestToday(now)) {
    violations.push_back(
        {StrCat(field, ".evidence_date"), draft.date.ToString(), StrCat(LatestToday(now).ToString(), " or earlier")});
  }
  if (!draft.document.empty() && !ParseResourceName(draft.document, "documents/{document}").ok()) {
    violations.push_back(
        {StrCat(field, ".document"), Printable(draft.document), "a name of the form documents/{document}"});
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  RETURN_IF_ERROR(CheckOpen(deal, "add evidence to"));
  return draft;
}

absl::StatusOr<Evidence> Verify(Evidence evidence, const Deal& deal, std::string_view subject, absl::Time now) {
  if (evidence.state != Evidence::State::kUnverified) {
    return WrongState(evidence.name, "verify", "VERIFIED", "UNVERIFIED");
  }
  RETURN_IF_ERROR(CheckOpen(deal, "verify evidence of"));
  if (evidence.created_by == subject) {
    return SecondPersonRequired(evidence.name, "who added it", "verify it");
  }
  evidence.state = Evidence::State::kVerified;
  evidence.verified_by = std::string(subject);
  evidence.update_time = now;
  ++evidence.version;
  return evidence;
}

}  // namespace tributary::conflict
