#include "incentive-service/kits/kit_store.h"

#include <memory>
#include <string_view>

#include "incentive-service/standard_costs/testing_costs.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

inventory::v1::Product KitOf(const std::string& kit, const std::vector<std::string>& components) {
  inventory::v1::Product product;
  product.set_name("products/" + kit);
  for (const std::string& one : components) {
    inventory::v1::Component& added = *product.add_components();
    added.set_product("products/" + one);
    added.mutable_quantity()->set_value("2");
    *added.mutable_effective_from() = wire::ToProto(DayFrom("2026-01-01"));
  }
  return product;
}

class KitStoreTest : public ::testing::Test {
 protected:
  void Tell(const std::vector<events::Event>& products) {
    InTransaction(*database_, [&](mysql::Transaction& sql) { return kits_.Apply(sql, products); });
  }
  std::vector<std::string> Above(const std::string& product) {
    std::vector<std::string> texts;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      texts.clear();
      ASSIGN_OR_RETURN(const std::vector<KitComponent> components, kits_.Above(sql, "products/" + product));
      for (const KitComponent& one : components) {
        texts.push_back(StrCat(one.kit.substr(9), " ", one.component.substr(9), " ", one.quantity.ToString(), " ",
                               one.effective.start.ToString(), " ", one.effective.end.ToString()));
      }
      return absl::OkStatus();
    });
    return texts;
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::incentive()});
  KitStore kits_;
};

TEST_F(KitStoreTest, KnowsKitsAsTheyWereToldLast) {
  inventory::v1::Product bike = KitOf("bike", {"bell", "pedal"});
  *bike.mutable_components(1)->mutable_effective_to() = wire::ToProto(DayFrom("2026-07-01"));
  Tell({ToldOf(KitOf("bike", {"horn"})), ToldOf(KitOf("tandem", {"bike"})), ToldOf(bike), ToldOf(KitOf("pedal", {}))});
  EXPECT_THAT(Above("pedal"), ElementsAre("bike pedal 2 2026-01-01 2026-07-01", "tandem bike 2 2026-01-01 9999-12-31"));
  EXPECT_THAT(Above("horn"), IsEmpty());
  EXPECT_THAT(Above("tandem"), IsEmpty());
  Tell({ToldOf(KitOf("bike", {"bell"}))});
  EXPECT_THAT(Above("pedal"), IsEmpty());
}

}  // namespace
}  // namespace tributary::incentive
