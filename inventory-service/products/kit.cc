#include "inventory-service/products/kit.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/numeric/int128.h"
#include "common/money/rational.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/units/quantity.h"

namespace tributary::inventory {
namespace {

// Walks the kits below a product, the parts before the wholes.
class Walk {
 public:
  // `date`: only components in force then; null for all.
  Walk(const Kits& kits, const Date* date) : kits_(kits), date_(date) {}

  // False where the way goes round in a circle.
  bool From(const std::string& product) {
    if (levels_.contains(product)) return true;
    if (!open_.insert(product).second) return false;
    int levels = 0;
    for (const Component& component : Of(product)) {
      if (!From(component.product)) return false;
      levels = std::max(levels, levels_[component.product] + 1);
    }
    open_.erase(product);
    levels_[product] = levels;
    order_.push_back(product);
    return true;
  }

  std::vector<Component> Of(std::string_view product) const {
    const auto found = kits_.find(product);
    if (found == kits_.end()) return {};
    std::vector<Component> components;
    for (const Component& component : found->second) {
      if (date_ == nullptr || component.effective.Contains(*date_)) components.push_back(component);
    }
    return components;
  }

  int LevelsBelow(const std::string& product) const { return levels_.at(product); }
  // Every product that was met, each after all of its parts.
  const std::vector<std::string>& order() const { return order_; }

 private:
  const Kits& kits_;
  const Date* const date_;
  std::set<std::string> open_;
  std::map<std::string, int> levels_;
  std::vector<std::string> order_;
};

}  // namespace

absl::Status CheckComponents(std::string_view product, const std::vector<Component>& components) {
  std::vector<FieldViolation> violations;
  for (size_t i = 0; i < components.size(); ++i) {
    const Component& component = components[i];
    const std::string field = StrCat("components[", i, "]");
    if (component.product == product) {
      violations.push_back(
          {StrCat(field, ".product"), StrCat("products/", component.product), "another product than the kit itself"});
    }
    if (component.quantity <= Decimal()) {
      violations.push_back({StrCat(field, ".quantity"), component.quantity.ToString(), "more than 0"});
    }
    if (component.effective.end <= component.effective.start) {
      violations.push_back({StrCat(field, ".effective_to"), component.effective.end.ToString(),
                            StrCat("a day after effective_from, ", component.effective.start.ToString())});
    }
    for (size_t before = 0; before < i; ++before) {
      if (components[before].product != component.product) continue;
      if (!components[before].effective.Intersects(component.effective)) continue;
      violations.push_back({StrCat(field, ".effective_from"), component.effective.start.ToString(),
                            StrCat("days on which components[", before, "] of the same product is not in force")});
      break;
    }
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

absl::Status CheckLevels(const Kits& kits) {
  Walk walk(kits, nullptr);
  for (const auto& [kit, components] : kits) {
    if (!walk.From(kit)) {
      return InvalidField("components", StrCat("products/", kit, " within itself"), "kits that do not hold themselves");
    }
    if (walk.LevelsBelow(kit) > kDeepestKit) {
      return InvalidField("components", StrCat(walk.LevelsBelow(kit), " levels below products/", kit),
                          StrCat("at most ", kDeepestKit));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::map<std::string, Decimal>> Explode(const Kits& kits, const std::string& product, Decimal quantity,
                                                       Date date) {
  Walk walk(kits, &date);
  if (!walk.From(product)) return absl::InternalError(StrCat("products/", product, " holds itself"));
  std::map<std::string, Rational> needed = {{product, Rational(quantity)}};
  std::map<std::string, Decimal> parts;
  // The wholes before their parts: when a product's turn comes, all that needs it has said so.
  for (auto next = walk.order().rbegin(); next != walk.order().rend(); ++next) {
    const Rational amount = needed[*next];
    const std::vector<Component> components = walk.Of(*next);
    if (components.empty()) {
      auto exact = ExactQuantity(amount);
      if (!exact.ok()) return Annotate(exact.status(), StrCat("products/", *next));
      parts.emplace(*next, *exact);
    }
    for (const Component& component : components) {
      Rational& sum = needed[component.product];
      sum = sum + amount * Rational(component.quantity);
    }
  }
  return parts;
}

std::vector<KitPart> StockedParts(const std::map<std::string, Decimal>& exploded,
                                  const std::set<std::string>& stocked) {
  std::vector<KitPart> parts;
  for (const auto& [product, quantity] : exploded) {
    if (stocked.contains(product)) parts.push_back({product, quantity});
  }
  return parts;
}

absl::StatusOr<std::vector<KitPart>> PartsInProportion(const std::vector<KitPart>& parts, Decimal original,
                                                       Decimal quantity) {
  std::vector<KitPart> scaled;
  for (const KitPart& part : parts) {
    auto exact = ExactQuantity(Rational(part.quantity) * Rational(quantity) / Rational(original));
    if (!exact.ok()) return Annotate(exact.status(), StrCat("products/", part.product));
    scaled.push_back({part.product, *exact});
  }
  return scaled;
}

absl::Status CheckNoKit(std::string_view field, const std::string& product,
                        const std::map<std::string, std::vector<KitPart>>& kits, std::string_view verb) {
  const auto kit = kits.find(product);
  if (kit == kits.end()) return absl::OkStatus();
  std::vector<std::string> parts;
  for (const KitPart& part : kit->second) parts.push_back(StrCat("products/", part.product));
  return InvalidField(field, StrCat("products/", product),
                      StrCat("a product that is no kit: a kit has no stock of its own, ", verb, " its parts",
                             parts.empty() ? ", of which none lies in stock" : ", ", StrJoin(parts, " and ")));
}

Decimal KitsOf(Decimal units, Decimal each) {
  const absl::int128 whole = units.micros() / each.micros();
  return Decimal::FromMicros(whole * absl::int128(Decimal::kUnit));
}

std::string PartsText(const std::vector<KitPart>& parts) {
  std::string text;
  for (const KitPart& part : parts) {
    StrAppend(&text, text.empty() ? "" : " ", part.product, "=", part.quantity.ToString());
  }
  return text;
}

std::vector<KitPart> PartsFromText(std::string_view text) {
  std::vector<KitPart> parts;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(' '));
    const size_t equals = one.find('=');
    parts.push_back({std::string(one.substr(0, equals)), Decimal::Parse(one.substr(equals + 1)).value_or(Decimal())});
    text.remove_prefix(std::min(one.size() + 1, text.size()));
  }
  return parts;
}

}  // namespace tributary::inventory
