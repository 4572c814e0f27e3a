#pragma once

// What this service keeps of other services' feeds: as much as its rules look at.

#include <string>
#include <vector>

#include "common/time/date.h"
#include "conflict-service/scopes/scope_box.h"

namespace tributary::conflict {

// A region that is not in use lies nowhere, as one that never came.
struct RegionFact {
  std::string name;
  std::string parent;  // empty at a root
  bool active = true;
};

struct PartnerFact {
  std::string name;  // partners/{partner}
  bool terminated = false;
};

// A territory grant as it stands.
struct Grant {
  enum class Exclusivity { kExclusive = 1, kNonExclusive = 2, kHelper = 3 };
  std::string name;
  std::string partner;  // partners/{partner}
  bool active = true;   // not revoked
  Exclusivity exclusivity = Exclusivity::kNonExclusive;
  ScopeBox scope;
};

// A row of a partner's sell-through report.
struct Sale {
  std::string name;
  std::string partner;  // partners/{partner}, the seller
  Date date;
  std::string region;
  std::string product_line;  // empty where the product has none
  bool is_return = false;    // negative quantity: goods came back; nothing was sold anywhere
  std::string reverses;      // for a reversal: the sale that it takes back
  bool reversed = false;     // taken back; as if it had never been
  // Whether something was sold, as far as is known.
  bool Stands() const { return !is_return && reverses.empty() && !reversed; }
};

}  // namespace tributary::conflict
