#pragma once

// What the facts of this service (shipment lines, direct sales, sell-through sales) have in common: they are appended
// and never changed. A line is identified by its document and number. A fact that was wrong as a whole, as one of an
// import that is undone, is taken back by a reversal, which is a fact of its own; afterwards the line may be stated
// again. The generations of a line count these: 0 is the first statement, 1 its reversal, 2 the next statement, 3 its
// reversal. The line stands where its highest generation is a statement.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/status/status.h"
#include "inventory-service/products/kit.h"

namespace tributary::inventory {

inline bool IsReversal(int generation) { return generation % 2 == 1; }

struct Fact {
  std::string document;
  int line = 0;
  int generation = 0;
  std::string partner;               // id; empty for direct sales
  std::string product;               // id
  std::string product_line;          // of the product when this was recorded; id, empty where it has none
  std::string lot;                   // code; empty where the units are of no lot
  Decimal quantity;                  // in the product's base unit; 0 while it is only stated in `unit`
  std::string unit;                  // id of the unit in which it was stated; empty where in base units
  Decimal unit_quantity;             // as it was stated in that unit
  std::vector<std::string> serials;  // of the units, sorted; empty where they were not told
  bool posted = false;               // whether it moved stock, which only STOCKED products and parts do
  std::vector<KitPart> parts;        // of a kit, which has no stock of its own: what moved in its place; else empty
  std::optional<Uuid> import_id;
  // Where and when it was recorded; 0 before.
  int shard = 0;
  int64_t seq = 0;
  absl::Time recorded_at;

  // The quantity as it was stated, and the field that states it.
  Decimal stated_quantity() const { return unit.empty() ? quantity : unit_quantity; }
  std::string_view quantity_field() const { return unit.empty() ? "quantity" : "unit_quantity"; }
};

// Units of one product and lot.
struct MovedUnits {
  std::string product;  // id
  std::string lot;
  Decimal quantity;
};
// What a fact is of in stock: its own units or, of a kit, those of its parts, of which no lot is told.
std::vector<MovedUnits> MovedBy(const Fact& fact);

// Ids of references that a fact names.
inline std::string PartnerName(std::string_view id) { return "partners/" + std::string(id); }
inline std::string ProductName(std::string_view id) { return "products/" + std::string(id); }

// "3", "3.r1" for its first reversal, "3.1" where stated again after that.
std::string LineSegment(int line, int generation);
struct LineId {
  int line = 0;
  int generation = 0;
};
// nullopt where it is none.
std::optional<LineId> ParseLineSegment(std::string_view segment);

// "SO-7.3", "SO-7.3.r1", "SO-7.3.1". Where the document has dots itself, the generation is always written: "A.B.3.0",
// so that every name has one meaning.
std::string SaleSegment(std::string_view document, int line, int generation);
struct SaleId {
  std::string document;
  int line = 0;
  int generation = 0;
};
std::optional<SaleId> ParseSaleSegment(std::string_view segment);

// Whether a document's number can stand in a name: 1 to `longest` of A-Za-z0-9._~-, neither "." nor "..".
bool IsDocumentSegment(std::string_view document, size_t longest = 64);
// Longest document of a sale, whose segment also carries line and generation.
inline constexpr size_t kLongestSaleDocument = 45;

// The name of the fact that the one of this name takes back: "…/lines/3" for "…/lines/3.r1"; nullopt where this one is
// no reversal. Names tell it, since every kind of fact writes its generation in the same way.
std::optional<std::string> ReversedBy(std::string_view name);

// Compares one field of a line that is known with what is stated now. For FirstDifference functions:
//   if (auto d = Differs("quantity", known.quantity.ToString(), stated.quantity.ToString())) return d;
std::optional<FieldViolation> Differs(std::string_view field, std::string_view known, std::string_view stated);
// The same of the quantity as it was stated: one in a unit is the same however the unit is converted by now.
std::optional<FieldViolation> QuantityDiffers(const Fact& known, const Fact& stated);

}  // namespace tributary::inventory
