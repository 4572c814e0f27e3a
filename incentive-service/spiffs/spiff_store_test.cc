#include "incentive-service/spiffs/spiff_store.h"

#include <memory>
#include <string>
#include <vector>

#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;

TEST(SpiffStoreTest, KeepsAndListsThem) {
  const std::unique_ptr<mysql::Database> database = testing::FreshDatabase({&schema::incentive()});
  const absl::Time made = absl::FromUnixSeconds(1780000000);
  const Spiff june{.id = "june",
                   .uid = Uuid::New(made),
                   .create_time = made,
                   .update_time = made,
                   .product = "products/x",
                   .window = {DayFrom("2026-06-01"), DayFrom("2026-07-01")},
                   .reward = DecimalFrom("8.5"),
                   .currency = "CNY",
                   .claim_deadline = DayFrom("2026-07-31"),
                   .note = "for each",
                   .creator = "manager"};
  SpiffStore store;
  InTransaction(*database, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(store.Insert(sql, june));
    EXPECT_THAT(store.Insert(sql, june), HasReason(Reason::kAlreadyExists));
    Spiff other = june;
    other.id = "july";
    RETURN_IF_ERROR(store.Insert(sql, other));
    ASSIGN_OR_RETURN(const Spiff read, store.GetForUpdate(sql, "june"));
    EXPECT_EQ(read.window, june.window);
    EXPECT_EQ(read.reward, june.reward);
    EXPECT_EQ(read.claim_deadline, june.claim_deadline);
    EXPECT_EQ(read.note, "for each");
    ASSIGN_OR_RETURN(const Spiff announced, Announce(read, "finance", made + absl::Hours(1)));
    RETURN_IF_ERROR(store.Update(sql, announced));
    EXPECT_THAT(store.Update(sql, announced), HasReason(Reason::kConflictRetry));
    EXPECT_THAT(store.Get(sql, "may"), HasReason(Reason::kNotFound));
    const auto listed = [&](bool drafts, std::string_view after, const std::string& filter) {
      std::vector<std::string> ids;
      const auto where = ParseFilter(filter, SpiffStore::FilterFields());
      EXPECT_OK(where);
      const auto found = store.List(sql, drafts, after, *where, 9);
      EXPECT_OK(found);
      for (const Spiff& one : *found) ids.push_back(one.id);
      return ids;
    };
    EXPECT_THAT(listed(true, "", ""), ElementsAre("july", "june"));
    EXPECT_THAT(listed(true, "july", "product = 'products/x'"), ElementsAre("june"));
    EXPECT_THAT(listed(false, "", "state = DRAFT OR state = ANNOUNCED"), ElementsAre("june"));
    return absl::OkStatus();
  });
}

}  // namespace
}  // namespace tributary::incentive
