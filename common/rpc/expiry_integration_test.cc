// What runs out of time: each thing is ended once, and what cannot be ended keeps nobody busy.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "common/rpc/expiry.h"
#include "common/rpc/testing_server.h"
#include "common/status/status.h"
#include "common/status/status_matchers.h"

namespace tributary::rpc::testing {
namespace {

class ExpiryTest : public ::testing::Test {
 protected:
  // Things of which some decline to be ended.
  Expiry Of(std::set<std::string> things, std::set<std::string> declining) {
    due_ = std::move(things);
    return {*database_,
            clock_,
            {.things = "things",
             .due = [this](mysql::Transaction&, absl::Time, int limit) -> absl::StatusOr<std::vector<Expiry::Id>> {
               ++looks_;
               std::vector<Expiry::Id> ids;
               for (const std::string& id : due_) {
                 if (static_cast<int>(ids.size()) < limit) ids.emplace_back("", id);
               }
               return ids;
             },
             .end = [this, declining = std::move(declining)](Unit&, const Expiry::Id& id,
                                                             absl::Time) -> absl::StatusOr<bool> {
               if (id.second == "broken") return Error(Reason::kConflictRetry, "not now");
               return !declining.contains(id.second) && due_.erase(id.second) == 1;
             }},
            [this] { ++committed_; }};
  }

  const std::unique_ptr<mysql::Database> database_ = NewDatabase();
  FakeClock clock_{absl::Now()};
  std::set<std::string> due_;
  int looks_ = 0;
  int committed_ = 0;
};

TEST_F(ExpiryTest, AllThatIsDueIsEnded) {
  std::set<std::string> things;
  for (int i = 0; i < 1200; ++i) things.insert(std::to_string(i));
  Expiry expiry = Of(things, {});
  EXPECT_THAT(expiry.ExpireDue(), IsOkAndHolds(1200));
  EXPECT_EQ(committed_, 1200);
  EXPECT_TRUE(due_.empty());
}

TEST_F(ExpiryTest, WhatDeclinesWaitsForTheNextLook) {
  Expiry expiry = Of({"a", "b", "c"}, {"b"});
  EXPECT_THAT(expiry.ExpireDue(), IsOkAndHolds(2));
  EXPECT_THAT(due_, ::testing::ElementsAre("b"));
  EXPECT_LE(looks_, 3);
  EXPECT_THAT(expiry.ExpireDue(), IsOkAndHolds(0));
}

TEST_F(ExpiryTest, WhatFailsIsToldAndTheOthersAreEnded) {
  Expiry expiry = Of({"a", "broken", "c"}, {});
  EXPECT_THAT(expiry.ExpireDue(), HasReason(Reason::kConflictRetry));
  EXPECT_THAT(due_, ::testing::ElementsAre("broken"));
}

}  // namespace
}  // namespace tributary::rpc::testing
