#include "inventory-service/facts/kit_parts.h"

#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/products/kit.h"
#include "inventory-service/products/kit_store.h"

namespace tributary::inventory {
namespace {

// What a line moved.
struct Moved {
  std::string product;
  Decimal quantity;
  std::vector<KitPart> parts;
  bool posted = false;
};

absl::StatusOr<std::optional<Moved>> FindMoved(mysql::Transaction& sql, std::string_view name) {
  mysql::Rows rows;
  if (const auto line = ParseResourceName(name, "partners/{partner}/shipments/{document}/lines/{line}"); line.ok()) {
    const std::optional<LineId> id = ParseLineSegment(line->at(2));
    if (!id.has_value()) return std::nullopt;
    ASSIGN_OR_RETURN(rows,
                     sql.Query("SELECT product, quantity, parts, posted FROM shipment_line WHERE document = ? AND "
                               "line = ? AND generation = ? AND partner = ?",
                               {line->at(1), id->line, id->generation, line->at(0)}));
  } else if (const auto sale = ParseResourceName(name, "partners/{partner}/sales/{sale}"); sale.ok()) {
    const std::optional<SaleId> id = ParseSaleSegment(sale->at(1));
    if (!id.has_value()) return std::nullopt;
    ASSIGN_OR_RETURN(rows,
                     sql.Query("SELECT product, quantity, parts, posted FROM sell_through_sale WHERE document = ? AND "
                               "partner = ? AND line = ? AND generation = ?",
                               {id->document, sale->at(0), id->line, id->generation}));
  }
  if (rows.empty()) return std::nullopt;
  const mysql::Row& row = rows.front();
  return Moved{row.Text(0), row.Dec(1), row.IsNull(2) ? std::vector<KitPart>() : PartsFromText(row.Bytes(2)),
               row.Bool(3)};
}

// Every product below the kits.
std::set<std::string_view> ComponentsOf(const Kits& kits) {
  std::set<std::string_view> ids;
  for (const auto& [kit, components] : kits) {
    for (const Component& component : components) ids.insert(component.product);
  }
  return ids;
}

// As a violation of the line's quantity.
absl::Status OfQuantity(const Fact& fact, const absl::Status& status) {
  const Reason reason = ReasonOf(status);
  const FieldViolation violation = {
      "quantity", fact.quantity.ToString(),
      StrCat("a number of kits of which each part is a quantity: ", Std(status.message()))};
  return WithDetail(InfoOf(reason).code, StrCat("quantity: got ", violation.got, ", want ", violation.want),
                    {.reason = reason, .violations = {violation}});
}

}  // namespace

absl::StatusOr<std::vector<absl::Status>> TakeParts(mysql::Transaction& sql, absl::Span<const KitLine> lines) {
  std::vector<absl::Status> results(lines.size());
  if (lines.empty()) return results;
  const KitStore store;
  std::set<std::string> products;
  std::map<std::string_view, const KitLine*> batch;
  for (const KitLine& line : lines) {
    batch.emplace(line.name, &line);
    products.insert(line.fact->product);
  }
  ASSIGN_OR_RETURN(const Kits kits, store.Below(sql, products));
  const std::set<std::string_view> components = ComponentsOf(kits);
  ASSIGN_OR_RETURN(const std::set<std::string> stocked, store.StockedOf(sql, {components.begin(), components.end()}));
  // What others take their parts from comes first.
  for (const bool with_origin : {false, true}) {
    for (size_t i = 0; i < lines.size(); ++i) {
      const KitLine& line = lines[i];
      if (line.origin.empty() == with_origin) continue;
      Fact& fact = *line.fact;
      std::optional<Moved> origin;
      if (with_origin) {
        ASSIGN_OR_RETURN(origin, FindMoved(sql, line.origin));
        if (const auto sibling = batch.find(line.origin); !origin.has_value() && sibling != batch.end()) {
          const Fact& other = *sibling->second->fact;
          origin = Moved{other.product, other.quantity, other.parts, other.posted};
        }
      }
      if (origin.has_value() && origin->product == fact.product && !origin->quantity.zero()) {
        auto parts = PartsInProportion(origin->parts, origin->quantity, fact.quantity);
        results[i] = parts.ok() ? absl::OkStatus() : OfQuantity(fact, parts.status());
        if (parts.ok()) fact.parts = *std::move(parts);
        fact.posted = origin->posted;
        continue;
      }
      const auto exploded = Explode(kits, fact.product, fact.quantity, line.date);
      if (!exploded.ok()) {
        results[i] = OfQuantity(fact, exploded.status());
        continue;
      }
      if (exploded->contains(fact.product)) continue;  // no kit on that day
      fact.parts = StockedParts(*exploded, stocked);
      fact.posted = !fact.parts.empty();
    }
  }
  return results;
}

}  // namespace tributary::inventory
