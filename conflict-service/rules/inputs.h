#pragma once

// What rules read, written down whole: the evidence of their conclusions. Texts for people cut long lists; these do
// not.

#include <string>
#include <string_view>
#include <vector>

#include "common/scopes/scope_box.h"
#include "conflict-service/conflict_rules/diversion_policy.h"
#include "conflict-service/deals/deal.h"
#include "conflict-service/facts/facts.h"
#include "conflict-service/findings/finding.h"
#include "conflict-service/mass_balances/mass_balance.h"
#include "conflict-service/prices/price.h"

namespace tributary::conflict {

using Inputs = std::vector<EvidenceInput>;

void AddInputs(const Grant& grant, Inputs* inputs);
void AddInputs(const Sale& sale, Inputs* inputs);
void AddInputs(const Deal& deal, Inputs* inputs);
// Of a reported sale, what was paid for how many units.
void AddInputs(const PriceObservation& observation, Inputs* inputs);
void AddInputs(const PriceRule& rule, Inputs* inputs);
void AddInputs(const DiversionPolicy& policy, Inputs* inputs);
// The reports of all partners, and what is worked out from them.
void AddInputs(const BalanceKey& key, const MassBalance& balance, Inputs* inputs);

}  // namespace tributary::conflict
