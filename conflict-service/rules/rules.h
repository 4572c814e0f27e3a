#pragma once

// The rules, one file each. A rule is a pure function of facts: it says what they show, or nothing. What a rule
// concludes does not depend on the order of its arguments nor on when the facts became known.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conflict-service/deals/deal.h"
#include "conflict-service/facts/facts.h"
#include "conflict-service/findings/finding.h"

namespace tributary::conflict {

// The versions of the rules without parameters; each changes with what its rule concludes or says.
inline constexpr std::string_view kRuleVersion = "1";
inline constexpr std::string_view kDealRuleVersion = "3";  // DUPLICATE_DEAL

// EXCLUSIVE_OVERLAP: two grants that are ACTIVE and EXCLUSIVE, of two partners, and share a part of the scope space.
// What a partner shares with itself is no conflict, and neither is a NON_EXCLUSIVE or HELPER grant beside an exclusive
// one (OverlapOfHelper): exclusivity is promised against other exclusive holders. One finding for each unordered pair.
std::optional<Conclusion> ExclusiveOverlap(const Grant& a, const Grant& b, const RegionTree& regions);

// What a HELPER grant shares with an EXCLUSIVE one of another partner, both ACTIVE: allowed, and seen without a
// finding.
struct AllowedOverlap {
  std::string helper, exclusive;  // names of the grants
  ScopeBox shared;
  std::string explanation;
};
std::optional<AllowedOverlap> OverlapOfHelper(const Grant& helper, const Grant& exclusive, const RegionTree& regions);

// DUPLICATE_DEAL: two registrations of two partners that block, at least one of which waits for a decision, whose
// customers are one (deals/same_customer.h) and which share something: of one that waits all that it asks for, of one
// that is decided what it was granted. Two registrations of one partner are its own affair: nobody loses a deal by
// them. Where partner-service has come to know both customers as one (Deal::customers), two that are decided may share
// something too (R20); nothing is withdrawn by that. A contest makes no difference: the pair is a finding, whichever
// came first, until both are decided. One finding for each unordered pair.
std::optional<Conclusion> DuplicateDeal(const Deal& a, const Deal& b, const RegionTree& regions);

// OUT_OF_TERRITORY: a sale that stands, whose region lies in no ACTIVE grant of its seller that holds on its date and
// for its product line (a product without a line is covered by grants for all lines only). Segments and routes are not
// looked at: a sale does not tell them. `grants` are the seller's, in any order; others' are not looked at. One finding
// for each sale.
std::optional<Conclusion> OutOfTerritory(const Sale& sale, const std::vector<Grant>& grants, const RegionTree& regions);

// DIRECT_VS_PARTNER: a direct sale that stands, in a region and of a product line that on its day were a partner's
// alone. By a grant: one that is ACTIVE and EXCLUSIVE and for every segment and route, for a sale tells neither. By a
// registration: what it was granted to its customer (rules/promise.h). The intersection is the sale's place. One
// finding for each pair of a sale and a grant or registration.
std::optional<Conclusion> DirectVsPartner(const Sale& sale, const Grant& grant, const RegionTree& regions);
std::optional<Conclusion> DirectVsPartner(const Sale& sale, const Deal& deal, const RegionTree& regions);

// PROTECTED_DEAL: a partner's sale that stands, in what another partner's registration was granted to its customer
// (rules/promise.h); also once it was won, or is over: its days are part of what was granted. Whose registration it is
// may sell. The intersection is the sale's place. One finding for each pair of a sale and a registration.
std::optional<Conclusion> ProtectedDeal(const Sale& sale, const Deal& deal, const RegionTree& regions);

}  // namespace tributary::conflict
