#pragma once

// What kits say of a mass balance: a kit that is there is so much of what it consists of on that day (R18).

#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/money/rational.h"
#include "common/time/date.h"
#include "conflict-service/facts/facts.h"
#include "conflict-service/mass_balances/mass_balance.h"

namespace tributary::conflict {

// How many base units of the product one base unit of `kit` holds on the day, through all kits; 0: none.
Rational UnitsIn(const std::vector<KitComponent>& components, const std::string& kit, const std::string& product,
                 Date day);

// The days of the balance's period from the first to the last on which `kit` holds its product; none: an empty range.
DateRange DaysIn(const std::vector<KitComponent>& components, const std::string& kit, const BalanceKey& key);

// By partner, of the balance's product. inventory-service moves what a kit holds in its place, so that what came and
// was sold in kits is in the reconciliations of the product itself, each on its day; a kit's own tell what of it was
// there. `components`: of all kits that hold the product. `reconciled`: of these kits for the balance's period.
// `sellers`: of a lot, by kit, who sold any on the days of DaysIn: nobody tells which lots they took, so that they are
// UNKNOWN. `handling`: by kit, who had to do with it then; so is who is reconciled neither for it nor, as those of
// `own` are, for the product. What came as a kit that changes within the period has no day, so that it is UNKNOWN, too;
// what was there before it counts as on its first day, what is left as on its last.
std::map<std::string, KitPart> KitPartsOf(const BalanceKey& key, const std::vector<KitComponent>& components,
                                          const std::vector<ReconciledGap>& reconciled,
                                          const std::map<std::string, std::set<std::string>>& sellers,
                                          const std::map<std::string, std::set<std::string>>& handling,
                                          const std::set<std::string>& own = {});

}  // namespace tributary::conflict
