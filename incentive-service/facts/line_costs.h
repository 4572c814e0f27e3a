#pragma once

// What units of lines cost, for programs that measure margin, in the database.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/money/rational.h"
#include "common/mysql/database.h"
#include "incentive-service/channel_facts/channel_fact_store.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/price_changes/protected_stock.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/standard_costs/standard_cost_store.h"

namespace tributary::incentive {

class LineCosts {
 public:
  // Tells the unit cost of each line that may count in the program and whose cost is known, in the line's currency.
  // What a statement of the program said of a line stands, whatever becomes known of costs later. Else, of the vendor's
  // margin, the standard cost of the product on the basis date; of the partner's, what the units of the sale cost in
  // its own price layers, the announced price changes among them; a kit, what its parts did. A linked return costs what
  // its sale does. Without a read for a program that measures no margin.
  absl::Status Add(mysql::Transaction& sql, const Program& program, std::vector<FactLine>* lines) const;

 private:
  absl::Status AddStandard(mysql::Transaction& sql, const Program& program, const std::vector<FactLine*>& lines) const;
  absl::Status AddOfLayers(mysql::Transaction& sql, const std::vector<FactLine*>& lines) const;
  // Of the sale of kits that the line is of, or takes back; unset where it is neither, and where the cost of a part is.
  // `kits`: the kit's own book; `sold`: the parts of its sales; `books` of parts, by partner and product, as they are
  // read.
  using Books = std::map<std::pair<std::string, std::string>, StockBook>;
  absl::StatusOr<std::optional<Rational>> CostOfKit(mysql::Transaction& sql, const FactLine& line,
                                                    const StockBook& kits, const ChannelFactStore::SoldParts& sold,
                                                    Books* books) const;

  StandardCostStore standard_costs_;
  ProtectedStock stock_;
  ChannelFactStore channel_facts_;
};

}  // namespace tributary::incentive
