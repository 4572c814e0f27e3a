#include "incentive-service/standard_costs/standard_cost_store.h"

#include <map>
#include <utility>
#include <vector>

#include "common/events/payload.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "tributary/inventory/v1/product.pb.h"

namespace tributary::incentive {
namespace {

using ToldProduct = tributary::inventory::v1::Product;

// Of products in one IN list.
constexpr size_t kProducts = 200;

// The names of up to so many members from `at` on, which moves behind them, as the text of an IN list.
template <typename Iterator, typename NameOfMember>
std::string TakeNames(Iterator end, NameOfMember name_of, Iterator* at, mysql::Values* values) {
  std::string marks;
  for (; *at != end && values->size() < kProducts; ++*at) {
    marks += marks.empty() ? "?" : ", ?";
    values->push_back(name_of(**at));
  }
  return marks;
}

}  // namespace

absl::Status StandardCostStore::Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch) const {
  ASSIGN_OR_RETURN(const std::vector<ToldProduct> products, events::PayloadsOf<ToldProduct>(batch));
  std::map<std::string, const ToldProduct*> last;  // as each was told last
  for (const ToldProduct& product : products) last[product.name()] = &product;
  for (auto at = last.begin(); at != last.end();) {
    mysql::Values names;
    const std::string marks = TakeNames(
        last.end(), [](const auto& member) -> const std::string& { return member.first; }, &at, &names);
    RETURN_IF_ERROR(sql.Execute(StrCat("DELETE FROM standard_cost WHERE product IN (", marks, ")"), names).status());
  }
  mysql::Values values;
  for (const auto& [name, product] : last) {
    for (const tributary::inventory::v1::StandardCost& one : product->standard_costs()) {
      const absl::StatusOr<Date> from = wire::FromProto(one.effective_from());
      if (!from.ok()) return AtField(from.status(), "standard_costs.effective_from");
      const absl::StatusOr<Money> cost = wire::FromProto(one.cost());
      if (!cost.ok()) return AtField(cost.status(), "standard_costs.cost");
      values.insert(values.end(), {name, *from, one.cost().currency_code(), cost->amount});
    }
  }
  if (values.empty()) return absl::OkStatus();
  return sql.InsertRows("INSERT INTO standard_cost (product, effective_from, currency, cost) VALUES", 4, values);
}

absl::StatusOr<StandardCosts> StandardCostStore::Read(mysql::Transaction& sql,
                                                      const std::set<std::string>& products) const {
  StandardCosts costs;
  for (auto at = products.begin(); at != products.end();) {
    mysql::Values names;
    const std::string marks = TakeNames(
        products.end(), [](const std::string& name) -> const std::string& { return name; }, &at, &names);
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(
            StrCat("SELECT product, effective_from, currency, cost FROM standard_cost WHERE product IN (", marks, ")"),
            names));
    for (const mysql::Row& row : rows) costs.Add(row.Text(0), row.Day(1), {row.Text(2), row.Dec(3)});
  }
  return costs;
}

}  // namespace tributary::incentive
