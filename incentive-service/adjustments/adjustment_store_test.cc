#include "incentive-service/adjustments/adjustment_store.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "common/status/status_matchers.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kRemedy[] = "cases/c/remedies/1";
constexpr char kUid[] = "0190163d-8694-739b-aea5-966c26f8ad91";
constexpr char kOther[] = "0190163d-8694-739b-aea5-966c26f8ad92";
const absl::Time kNow = absl::FromUnixSeconds(1780000000);

Adjustment AdjustmentOf(const std::string& id, const std::string& remedy_uid) {
  return {.partner = "p1",
          .id = id,
          .uid = Uuid::New(kNow),
          .create_time = kNow,
          .update_time = kNow,
          .currency = "CNY",
          .amount = -100,
          .reason = "A fine",
          .remedy = kRemedy,
          .remedy_uid = remedy_uid,
          .step = 2,
          .requester = "manager-1"};
}

class AdjustmentStoreTest : public ::testing::Test {
 protected:
  absl::Status Insert(const Adjustment& adjustment) {
    return database_->Transact({}, [&](mysql::Transaction& sql) { return store_.Insert(sql, adjustment); });
  }
  // Their ids, sorted.
  std::vector<std::string> OfStep(const char* uid, int step) {
    std::vector<std::string> ids;
    const absl::Status read = database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const std::vector<Adjustment> found, store_.OfStep(sql, kRemedy, uid, step));
      ids.clear();
      for (const Adjustment& adjustment : found) ids.push_back(adjustment.id);
      return absl::OkStatus();
    });
    EXPECT_OK(read);
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::incentive()});
  AdjustmentStore store_;
};

TEST_F(AdjustmentStoreTest, AStepIsThatOfTheRemedyOfItsUid) {
  ASSERT_OK(Insert(AdjustmentOf("a", kUid)));
  EXPECT_THAT(Insert(AdjustmentOf("b", kUid)), HasReason(Reason::kAlreadyExists)) << "the step has one";
  ASSERT_OK(Insert(AdjustmentOf("c", kOther)));
  Adjustment back = AdjustmentOf("d", kUid);
  back.compensates = "a";
  ASSERT_OK(Insert(back));
  EXPECT_THAT(OfStep(kUid, 2), ElementsAre("a", "d"));
  EXPECT_THAT(OfStep(kOther, 2), ElementsAre("c"));
  EXPECT_THAT(OfStep(kUid, 1), IsEmpty());
  Adjustment read;
  const absl::Status got = database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(read, store_.Get(sql, "p1", "d"));
    return absl::OkStatus();
  });
  ASSERT_OK(got);
  EXPECT_EQ(read.remedy, kRemedy);
  EXPECT_EQ(read.remedy_uid, kUid);
  EXPECT_EQ(read.step, 2);
  EXPECT_EQ(read.compensates, "a");
}

}  // namespace
}  // namespace tributary::incentive
