#pragma once

// Findings: what the rules see in the facts. Which ones are open is a function of the facts alone, whatever order they
// came in.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/scopes/scope_box.h"

namespace tributary::conflict {

// In the order of the wire's numbers.
enum class FindingKind { kExclusiveOverlap = 1, kDuplicateDeal = 2, kOutOfTerritory = 3 };
inline constexpr FindingKind kAllFindingKinds[] = {FindingKind::kExclusiveOverlap, FindingKind::kDuplicateDeal,
                                                   FindingKind::kOutOfTerritory};
std::string_view NameOf(FindingKind kind);  // EXCLUSIVE_OVERLAP

enum class FindingState { kOpen = 1, kWithdrawn = 2 };
std::string_view NameOf(FindingState state);

// What a rule concludes from facts, and nothing of when it did.
struct Conclusion {
  FindingKind kind = FindingKind::kExclusiveOverlap;
  std::string rule_version;
  std::vector<std::string> subjects;  // resource names, sorted
  std::string explanation;
  std::optional<ScopeBox> intersection;
  friend bool operator==(const Conclusion&, const Conclusion&) = default;
};

// The last segment of the finding's name: 32 hexadecimal digits of SHA-256 over kind and subjects, so that the same
// facts give the same name in every replica.
std::string FindingId(FindingKind kind, const std::vector<std::string>& subjects);

struct Finding {
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  FindingState state = FindingState::kOpen;
  Conclusion conclusion;
  std::string name() const;  // findings/{id}
};

// One step from the stored findings to what the facts show.
struct FindingChange {
  std::string_view verb;  // "opened", "reopened", "changed", "withdrawn"; the event's
  Finding finding;        // as it is afterwards; a new one at version 1
};

// What brings `stored` (of any state, by id: all open findings about the facts that were looked at, and every finding
// that a conclusion names again) into agreement with `conclusions` about the same facts: a conclusion without a finding
// opens one, a withdrawn finding that is concluded again opens again, an open one that is concluded differently
// changes, an open one that is not concluded is withdrawn and keeps its last content. No changes where all agree. In
// the order of the ids.
std::vector<FindingChange> Reconcile(const std::map<std::string, Finding>& stored,
                                     const std::vector<Conclusion>& conclusions, absl::Time now);

}  // namespace tributary::conflict
