#include "inventory-service/products/product.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "common/text/text.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/products/gtin.h"

namespace tributary::inventory {
namespace {

std::string Told(const std::vector<StandardCost>& costs) {
  std::string text;
  for (const StandardCost& cost : costs) {
    StrAppend(&text, text.empty() ? "" : ", ", cost.cost.amount.ToString(), " ", cost.cost.currency, " from ",
              cost.effective_from.ToString());
  }
  return text;
}

}  // namespace

absl::Status CheckForm(const Product& product) {
  std::vector<FieldViolation> violations;
  if (!product.gtin.empty() && !IsGtin(product.gtin)) {
    violations.push_back({"gtin", Printable(product.gtin), "8, 12, 13 or 14 digits, the last one their check digit"});
  }
  for (size_t i = 0; i < product.standard_costs.size(); ++i) {
    const Date from = product.standard_costs[i].effective_from;
    const auto before = product.standard_costs.begin() + static_cast<ptrdiff_t>(i);
    if (std::any_of(product.standard_costs.begin(), before,
                    [from](const StandardCost& other) { return other.effective_from == from; })) {
      violations.push_back(
          {StrCat("standard_costs[", i, "].effective_from"), from.ToString(), "a day on which no other cost begins"});
    }
  }
  for (FieldViolation& violation : DetailOf(CheckComponents(product.id, product.components)).violations) {
    violations.push_back(std::move(violation));
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

void Sort(Product* product) {
  std::sort(product->standard_costs.begin(), product->standard_costs.end(),
            [](const StandardCost& a, const StandardCost& b) { return a.effective_from < b.effective_from; });
  std::sort(product->components.begin(), product->components.end(), [](const Component& a, const Component& b) {
    return std::tie(a.product, a.effective.start) < std::tie(b.product, b.effective.start);
  });
}

const StandardCost* CostAsOf(const std::vector<StandardCost>& costs, Date date) {
  const auto later = std::upper_bound(costs.begin(), costs.end(), date,
                                      [](Date day, const StandardCost& cost) { return day < cost.effective_from; });
  return later == costs.begin() ? nullptr : &*std::prev(later);
}

absl::StatusOr<Product> Change(const Product& known, const Product& stated, bool posted, absl::Time now) {
  if (known.state != LifeState::kActive) return WrongState(known.name(), "update", "INACTIVE", "ACTIVE");
  Product changed = stated;
  Complete(&changed);
  Sort(&changed);
  const std::tuple<const char*, std::string_view, std::string_view> kFixed[] = {
      {"kind", NameOf(known.kind), NameOf(changed.kind)},
      {"tracking", NameOf(known.tracking), NameOf(changed.tracking)},
      {"base_unit", known.base_unit, changed.base_unit}};
  std::vector<FieldViolation> violations;
  for (const auto& [field, before, after] : kFixed) {
    if (posted && before != after) violations.push_back({field, std::string(after), std::string(before)});
  }
  if (!violations.empty()) {
    return WithDetail(InfoOf(Reason::kInUse).code,
                      StrCat(violations[0].field, ": got ", violations[0].got, ", want ", violations[0].want,
                             ", since stock of ", known.name(), " has been posted"),
                      {.reason = Reason::kInUse, .metadata = {{"resource", known.name()}}, .violations = violations});
  }
  changed.id = known.id;
  changed.uid = known.uid;
  changed.create_time = known.create_time;
  changed.state = known.state;
  changed.import_id = known.import_id;
  changed.update_time = now;
  changed.version = known.version + 1;
  return changed;
}

std::optional<FieldViolation> FirstDifference(const ProductLine& known, const ProductLine& stated) {
  return Differs("display_name", known.display_name, stated.display_name);
}

std::optional<FieldViolation> FirstDifference(const Product& known, const Product& stated) {
  if (auto d = Differs("sku", known.sku, stated.sku)) return d;
  if (auto d = Differs("display_name", known.display_name, stated.display_name)) return d;
  if (auto d = Differs("kind", NameOf(known.kind), NameOf(stated.kind))) return d;
  if (auto d = Differs("product_line", known.product_line, stated.product_line)) return d;
  if (auto d = Differs("base_unit", known.base_unit, stated.base_unit)) return d;
  if (!stated.base_unit_step.zero()) {
    if (auto d = Differs("base_unit_step", known.base_unit_step.ToString(), stated.base_unit_step.ToString())) return d;
  }
  if (!stated.gtin.empty()) {
    if (auto d = Differs("gtin", known.gtin, stated.gtin)) return d;
  }
  if (stated.tracking != Tracking::kUnset) {
    if (auto d = Differs("tracking", NameOf(known.tracking), NameOf(stated.tracking))) return d;
  }
  if (!stated.edition.empty()) {
    if (auto d = Differs("edition", known.edition, stated.edition)) return d;
  }
  if (stated.shelf_life_days != 0) {
    if (auto d = Differs("shelf_life_days", StrCat(known.shelf_life_days), StrCat(stated.shelf_life_days))) return d;
  }
  if (!stated.standard_costs.empty())
    return Differs("standard_costs", Told(known.standard_costs), Told(stated.standard_costs));
  return std::nullopt;
}

std::string_view NameOf(ProductKind kind) {
  switch (kind) {
    case ProductKind::kStocked:
      return "STOCKED";
    case ProductKind::kSubscription:
      return "SUBSCRIPTION";
    case ProductKind::kService:
      return "SERVICE";
  }
  return "KIND_UNSPECIFIED";
}

std::string_view NameOf(Tracking tracking) {
  switch (tracking) {
    case Tracking::kUnset:
      return "TRACKING_UNSPECIFIED";
    case Tracking::kNone:
      return "NONE";
    case Tracking::kLot:
      return "LOT";
    case Tracking::kSerial:
      return "SERIAL";
  }
  return "TRACKING_UNSPECIFIED";
}

}  // namespace tributary::inventory
