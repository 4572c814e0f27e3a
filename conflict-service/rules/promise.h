#pragma once

// What the rules have in common that see a sale in what was promised to somebody else alone: DIRECT_VS_PARTNER and
// PROTECTED_DEAL.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/scopes/region_tree.h"
#include "conflict-service/deals/deal.h"
#include "conflict-service/facts/facts.h"
#include "conflict-service/findings/finding.h"

namespace tributary::conflict {

// Whether the sale may be in anybody's right: it stands, and somebody told where the customer is.
bool MayBePromised(const Sale& sale);

// That the sale lies in `right`, the name of a grant or registration, since `promise`, a sentence for people. The
// intersection is the sale's place, by these routes; none stands for every one.
Conclusion BrokenPromise(FindingKind kind, const Sale& sale, const std::string& right, std::vector<std::string> routes,
                         std::string_view promise);

// That it lies in what the registration was granted to its customer (deals/same_customer.h), whichever its route, for a
// sale tells none. What is asked for or waitlisted is not promised. A product without a line is promised by what is for
// every line. Who sold is not looked at.
std::optional<Conclusion> BrokenPromise(FindingKind kind, const Sale& sale, const Deal& deal,
                                        const RegionTree& regions);

}  // namespace tributary::conflict
