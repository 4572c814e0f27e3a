#include "partner-service/remedies/handover_store.h"

#include <gmock/gmock.h>

#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

constexpr char kUid[] = "0190163d-8694-739b-aea5-966c26f8ad91";
constexpr char kOther[] = "0190163d-8694-739b-aea5-966c26f8ad92";

class HandoverStoreTest : public StoreTest {
 protected:
  static StepHandover Of(const char* uid, int order) {
    return {.remedy_uid = uid,
            .order = order,
            .partner_id = "p-1",
            .grant_id = "home",
            .recipient_id = "p-2",
            .from = *Date::Parse("2026-07-01")};
  }
  absl::Status Create(const StepHandover& handover) {
    return Do([&](mysql::Transaction& sql) { return store_.Create(sql, handover); });
  }
  absl::StatusOr<std::optional<StepHandover>> Find(const char* uid, int order) {
    return Ask<std::optional<StepHandover>>([&](mysql::Transaction& sql) { return store_.Find(sql, uid, order); });
  }
  HandoverStore store_;
};

TEST_F(HandoverStoreTest, IsOfOneStepOfOneRemedy) {
  const StepHandover first = Of(kUid, 2);
  ASSERT_OK(Create(first));
  EXPECT_THAT(Create(first), HasReason(Reason::kAlreadyExists));
  EXPECT_EQ(*Find(kUid, 2), std::optional(first));
  EXPECT_FALSE(Find(kUid, 1)->has_value());
  EXPECT_FALSE(Find(kOther, 2)->has_value());

  StepHandover second = Of(kOther, 2);
  second.recipient_id.clear();
  ASSERT_OK(Create(second));
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.MarkGivenBack(sql, first); }));
  EXPECT_TRUE((*Find(kUid, 2))->given_back);
  EXPECT_EQ(*Find(kOther, 2), std::optional(second)) << "another remedy's is as it was";
}

}  // namespace
}  // namespace tributary::partner
