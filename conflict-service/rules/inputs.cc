#include "conflict-service/rules/inputs.h"

#include <optional>
#include <utility>

#include "common/text/text.h"

namespace tributary::conflict {
namespace {

// The inputs of one source.
class InputsOf {
 public:
  InputsOf(std::string source, Inputs* inputs) : source_(std::move(source)), inputs_(inputs) {}

  void Add(std::string_view field, std::string value) const {
    inputs_->push_back({source_, std::string(field), std::move(value), ""});
  }
  void AddCustomer(std::string_view field, const std::string& name) const {
    if (!name.empty()) inputs_->push_back({source_, std::string(field), name, name});
  }
  void Add(std::string_view field, const std::optional<Decimal>& value) const {
    if (value) Add(field, value->ToString());
  }
  void Add(std::string_view field, const DateRange& days) const {
    Add(StrCat(field, ".from"), days.start.ToString());
    Add(StrCat(field, ".before"), days.end.ToString());
  }
  void Add(std::string_view field, const ScopeBox& scope) const {
    Add(StrCat(field, ".regions"), StrJoin(scope.regions, ", "));
    Add(StrCat(field, ".product_lines"), StrJoin(scope.product_lines, ", "));
    Add(StrCat(field, ".segments"), StrJoin(scope.segments, ", "));
    Add(StrCat(field, ".routes"), StrJoin(scope.routes, ", "));
    Add(field, scope.time);
  }

 private:
  std::string source_;
  Inputs* inputs_;
};

std::string_view ExclusivityName(Grant::Exclusivity exclusivity) {
  switch (exclusivity) {
    case Grant::Exclusivity::kExclusive:
      return "EXCLUSIVE";
    case Grant::Exclusivity::kNonExclusive:
      return "NON_EXCLUSIVE";
    case Grant::Exclusivity::kHelper:
      return "HELPER";
  }
  return "EXCLUSIVITY_UNSPECIFIED";
}

}  // namespace

void AddInputs(const Grant& grant, Inputs* inputs) {
  const InputsOf of(grant.name, inputs);
  of.Add("partner", grant.partner);
  of.Add("active", grant.active ? "true" : "false");
  of.Add("exclusivity", std::string(ExclusivityName(grant.exclusivity)));
  of.Add("scope", grant.scope);
}

void AddInputs(const Sale& sale, Inputs* inputs) {
  const InputsOf of(sale.name, inputs);
  of.Add("partner", sale.partner);
  of.Add("date", sale.date.ToString());
  of.Add("region", sale.region);
  of.Add("product_line", sale.product_line);
  of.AddCustomer("customer", sale.customer);
}

void AddInputs(const Deal& deal, Inputs* inputs) {
  const InputsOf of(deal.name, inputs);
  of.Add("partner", deal.partner);
  of.Add("state", std::string(NameOf(deal.state)));
  of.Add("version", StrCat(deal.version));
  of.Add("sequence", StrCat(deal.sequence));
  of.AddCustomer("customer_name", deal.customer_name);
  of.Add("scope", deal.scope);
  of.Add("granted", Write(deal.granted));
}

void AddInputs(const PriceObservation& observation, Inputs* inputs) {
  const InputsOf of(observation.name, inputs);
  of.Add("kind", std::string(NameOf(observation.kind)));
  of.Add("seller", observation.Who());
  of.Add("product", observation.product);
  of.Add("price", StrCat(observation.price.amount.ToString(), " ", observation.price.currency));
  of.Add("units", observation.sold_units);
  of.Add("region", observation.region);
  of.Add("place", observation.place);
  of.Add("date", observation.date.ToString());
  of.Add("promotion", observation.promotion);
  of.Add("evidence", observation.evidence);
  of.Add("evidence_sha256", observation.evidence_sha256);
}

void AddInputs(const PriceRule& rule, Inputs* inputs) {
  const InputsOf of(rule.name, inputs);
  of.Add("version", StrCat(rule.version));
  of.Add("product", rule.product);
  of.Add("regions", StrJoin(rule.regions, ", "));
  of.Add("currency", rule.currency);
  of.Add("floor", rule.floor);
  of.Add("minimum_advertised_price", rule.advertised);
  of.Add("days", rule.days);
  of.Add("tax_included", rule.tax_included ? "true" : "false");
  of.Add("follow_days", StrCat(rule.follow_days));
  for (const PriceException& exception : rule.exceptions) {
    of.Add("exception", StrCat(exception.price.ToString(), " ", Describe(exception.days),
                               exception.promotion.empty() ? "" : StrCat(" promotion ", exception.promotion)));
  }
  for (const DepthBand& band : rule.bands) {
    of.Add("band", StrCat("from ", band.from_basis_points, " ", NameOf(band.severity)));
  }
}

void AddInputs(const DiversionPolicy& policy, Inputs* inputs) {
  const InputsOf of(std::string(kDiversionRule), inputs);
  of.Add("version", StrCat(policy.version));
  of.Add("least_units", policy.least_units.ToString());
  of.Add("prior_decibans", StrCat(policy.prior_decibans));
  of.Add("balance_decibans", StrCat(policy.balance_decibans));
  of.Add("outside_serial_decibans", StrCat(policy.outside_serial_decibans));
  of.Add("threshold_decibans", StrCat(policy.threshold_decibans));
}

void AddInputs(const BalanceKey& key, const MassBalance& balance, Inputs* inputs) {
  for (const ReconciledGap& reconciled : balance.reconciled) {
    const InputsOf of(reconciled.name, inputs);
    of.Add("partner", reconciled.partner);
    if (reconciled.lot) of.Add("lot", *reconciled.lot);
    of.Add("revision", StrCat(reconciled.revision));
    of.Add("opening_reported", reconciled.opening_reported);
    of.Add("opening_in_transit", reconciled.opening_in_transit.ToString());
    of.Add("sell_in", reconciled.sell_in.ToString());
    of.Add("transferred_in", reconciled.transferred_in.ToString());
    of.Add("in_transit", reconciled.in_transit.ToString());
    of.Add("sell_through", reconciled.sell_through.ToString());
    of.Add("transferred_out", reconciled.transferred_out.ToString());
    of.Add("reported", reconciled.reported);
  }
  const InputsOf of(key.name(), inputs);
  of.Add("product", key.product);
  if (key.lot) of.Add("lot", *key.lot);
  of.Add("period", key.period);
  of.Add("unknown", balance.unknown ? "true" : "false");
  for (const PartnerGap& gap : balance.gaps) {
    of.Add("gap", StrCat(gap.partner, " ", gap.gap ? gap.gap->ToString() : std::string("UNKNOWN")));
  }
}

}  // namespace tributary::conflict
