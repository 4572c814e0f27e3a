#include "incentive-service/spiffs/spiff.h"

#include <utility>
#include <vector>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {

std::string_view NameOf(SpiffState state) {
  switch (state) {
    case SpiffState::kDraft:
      return "DRAFT";
    case SpiffState::kAnnounced:
      return "ANNOUNCED";
  }
  return {};
}

absl::Status CheckSpiff(const Spiff& spiff) {
  std::vector<FieldViolation> violations;
  const DateRange& window = spiff.window;
  if (window.end <= window.start) {
    violations.push_back(
        {"spiff.sale_to", window.end.ToString(), StrCat("a day after ", window.start.ToString(), ", where it begins")});
  }
  if (spiff.claim_deadline < window.end.AddDays(-1)) {
    violations.push_back({"spiff.claim_deadline", spiff.claim_deadline.ToString(),
                          StrCat(window.end.AddDays(-1).ToString(), ", the last day of sale, or a later day")});
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

absl::StatusOr<Spiff> Announce(Spiff spiff, std::string_view principal, absl::Time now) {
  if (spiff.state != SpiffState::kDraft) {
    return WrongState(spiff.name(), "announce", NameOf(spiff.state), NameOf(SpiffState::kDraft));
  }
  if (principal == spiff.creator) return SecondPersonRequired(spiff.name(), "who made it", "announce it");
  spiff.state = SpiffState::kAnnounced;
  spiff.announcer = principal;
  spiff.update_time = now;
  ++spiff.version;
  return spiff;
}

}  // namespace tributary::incentive
