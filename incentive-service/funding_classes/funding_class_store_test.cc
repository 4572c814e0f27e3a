#include "incentive-service/funding_classes/funding_class_store.h"

#include <memory>
#include <string>
#include <vector>

#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;

TEST(FundingClassStoreTest, KeepsWhatWasDeclaredAndEnded) {
  const std::unique_ptr<mysql::Database> database = testing::FreshDatabase({&schema::incentive()});
  const absl::Time made = absl::FromUnixSeconds(1780000000);
  FundingClassStore store;
  InTransaction(*database, [&](mysql::Transaction& sql) -> absl::Status {
    const FundingClass once{.id = "b",
                            .uid = Uuid::New(made),
                            .create_time = made,
                            .update_time = made,
                            .kinds = {ClaimKind::kPriceProtection, ClaimKind::kShipAndDebit},
                            .note = "one or the other",
                            .creator = "finance"};
    RETURN_IF_ERROR(store.Insert(sql, once));
    EXPECT_THAT(store.Insert(sql, once), HasReason(Reason::kAlreadyExists));
    FundingClass other = once;
    other.id = "a";
    RETURN_IF_ERROR(store.Insert(sql, other));
    ASSIGN_OR_RETURN(const FundingClass read, store.GetForUpdate(sql, "b"));
    EXPECT_THAT(read.kinds, ElementsAre(ClaimKind::kShipAndDebit, ClaimKind::kPriceProtection));
    EXPECT_EQ(read.create_time, made);
    EXPECT_EQ(read.note, "one or the other");
    EXPECT_FALSE(read.end_time.has_value());
    ASSIGN_OR_RETURN(const FundingClass ended, End(read, "head", made + absl::Hours(1)));
    RETURN_IF_ERROR(store.Update(sql, ended));
    EXPECT_THAT(store.Get(sql, "c"), HasReason(Reason::kNotFound));
    ASSIGN_OR_RETURN(const std::vector<FundingClass> all, store.All(sql));
    EXPECT_EQ(all.size(), 2u);
    EXPECT_EQ(all[1].end_time, made + absl::Hours(1));
    EXPECT_EQ(all[1].ender, "head");
    ASSIGN_OR_RETURN(const SqlPredicate where, ParseFilter("NOT end_time:*", FundingClassStore::FilterFields()));
    ASSIGN_OR_RETURN(const std::vector<FundingClass> open, store.List(sql, "", where, 9));
    EXPECT_EQ(open.size(), 1u);
    EXPECT_EQ(open[0].id, "a");
    // A stale version is not stored.
    EXPECT_THAT(store.Update(sql, ended), HasReason(Reason::kConflictRetry));
    return absl::OkStatus();
  });
}

}  // namespace
}  // namespace tributary::incentive
