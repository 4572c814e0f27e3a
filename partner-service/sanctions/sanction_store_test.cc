#include "partner-service/sanctions/sanction_store.h"

#include <gmock/gmock.h>

#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "partner-service/sanctions/sanction_proto.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Ids = std::vector<std::pair<std::string, std::string>>;

class SanctionStoreTest : public StoreTest {
 protected:
  static Sanction Of(std::string partner, std::string id, SanctionState state = SanctionState::kInForce) {
    return {.partner_id = std::move(partner),
            .id = std::move(id),
            .revision = Revision::First(kNow),
            .kind = SanctionKind::kGrantReduction,
            .level = 3,
            .reason = "窜货",
            .cause = "cases/7",
            .territory_grants = {"partners/p/territoryGrants/a", "partners/p/territoryGrants/b"},
            .effective = {Day("2026-01-01"), Day("2026-02-01")},
            .state = state,
            .suspends = true,
            .principal = "manager"};
  }
  absl::Status Create(const Sanction& sanction, std::optional<absl::Time> due = {}) {
    return Do([&](mysql::Transaction& sql) { return sanctions_.Create(sql, sanction, due); });
  }
  absl::StatusOr<Sanction> Get(std::string_view id) {
    return Ask<Sanction>([&](mysql::Transaction& sql) { return sanctions_.Get(sql, "p", id); });
  }
  SanctionStore sanctions_;
};

TEST_F(SanctionStoreTest, IsReadAsItWasWritten) {
  Sanction sanction = Of("p", "s");
  ASSERT_OK(Create(sanction));
  EXPECT_THAT(Create(sanction), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(Get("none"), HasReason(Reason::kNotFound));
  ASSERT_OK_AND_ASSIGN(Sanction read, Get("s"));
  EXPECT_EQ(ToProto(read).SerializeAsString(), ToProto(sanction).SerializeAsString());
  EXPECT_TRUE(read.suspends);

  sanction.revision = sanction.revision.Next(kNow);
  sanction.state = SanctionState::kLifted;
  sanction.suspends = false;
  sanction.effective = {Day("2026-01-03"), OpenEnd()};
  sanction.lift_reason = "已改正";
  sanction.lifter = "other";
  sanction.lift_time = kNow;
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return sanctions_.Update(sql, sanction, std::nullopt); }));
  ASSERT_OK_AND_ASSIGN(read, Get("s"));
  EXPECT_EQ(ToProto(read).SerializeAsString(), ToProto(sanction).SerializeAsString());
  EXPECT_FALSE(read.suspends);
}

TEST_F(SanctionStoreTest, TellsWhatLastsAndWhatADayChanges) {
  ASSERT_OK(Create(Of("p", "a", SanctionState::kScheduled), kNow + absl::Hours(2)));
  ASSERT_OK(Create(Of("p", "b"), kNow));
  ASSERT_OK(Create(Of("p", "c", SanctionState::kHalted)));
  ASSERT_OK(Create(Of("p", "d", SanctionState::kEnded)));
  ASSERT_OK(Create(Of("p", "e", SanctionState::kLifted)));
  ASSERT_OK(Create(Of("q", "a"), kNow + absl::Hours(1)));
  const auto lasting =
      Ask<std::vector<Sanction>>([&](mysql::Transaction& sql) { return sanctions_.Lasting(sql, "p"); });
  ASSERT_OK(lasting);
  std::vector<std::string> ids;
  for (const Sanction& one : *lasting) ids.push_back(one.id);
  EXPECT_THAT(ids, ElementsAre("a", "b", "c"));
  const auto due = [&](absl::Time now) {
    return *Ask<Ids>([&](mysql::Transaction& sql) { return sanctions_.Due(sql, now, 10); });
  };
  EXPECT_THAT(due(kNow - absl::Seconds(1)), IsEmpty());
  EXPECT_THAT(due(kNow + absl::Hours(1)), ElementsAre(Ids::value_type("p", "b"), Ids::value_type("q", "a")));
}

TEST_F(SanctionStoreTest, ListsByPartnerAndFilter) {
  ASSERT_OK(Create(Of("p", "a")));
  ASSERT_OK(Create(Of("p", "b", SanctionState::kLifted)));
  ASSERT_OK(Create(Of("q", "a")));
  const auto names = [&](std::string_view partner, const std::string& filter) {
    std::vector<std::string> names;
    for (const Sanction& one : All<Sanction>(
             SanctionStore::Fields(), 2, filter,
             [&](mysql::Transaction&sql, const Page&page) { return sanctions_.List(sql, partner, page); },
             [](const Sanction&last) {
               return std::vector{last.partner_id, last.id};
             })) {
      names.push_back(StrCat(one.partner_id, "/", one.id));
    }
    return names;
  };
  EXPECT_THAT(names("", ""), ElementsAre("p/a", "p/b", "q/a"));
  EXPECT_THAT(names("p", "state = IN_FORCE AND kind = GRANT_REDUCTION AND level = 3 AND cause = \"cases/7\""),
              ElementsAre("p/a"));
  EXPECT_THAT(names("p", "effective_from > 2026-01-01 OR effective_to < 2026-01-01"), IsEmpty());
}

}  // namespace
}  // namespace tributary::partner
