// Turns in the database, against the same decisions made in memory.

#include <gmock/gmock.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "common/text/text.h"
#include "partner-service/leads/lead_router.h"
#include "partner-service/leads/routing_store.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class RoutingTurnsStoreTest : public StoreTest {
 protected:
  absl::StatusOr<RoutingTurns> Turns(std::string_view policy_id) {
    return Ask<RoutingTurns>([&](mysql::Transaction& sql) { return store_.Turns(sql, policy_id); });
  }
  int64_t Rows() {
    return *Ask<int64_t>([&](mysql::Transaction& sql) -> absl::StatusOr<int64_t> {
      ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT COUNT(*) FROM routing_turn"));
      return rows.front().Int(0);
    });
  }
  RoutingStore store_;
};

TEST_F(RoutingTurnsStoreTest, AreKeptByPolicy) {
  EXPECT_THAT(Turns("2026-1")->due, IsEmpty());
  const std::vector<RoutingCandidate> candidates = {{.partner_id = "p-1"}, {.partner_id = "p-2"}};
  RoutingTurns turns{.due = {{"p-1", -kTurn / 2}, {"p-2", kTurn / 2}}};
  const auto set = [&] {
    return Do([&](mysql::Transaction& sql) -> absl::Status {
      RETURN_IF_ERROR(store_.LockTurns(sql));
      return store_.SetTurns(sql, "2026-1", candidates, &turns);
    });
  };
  ASSERT_OK(set());
  turns.due["p-2"] = 7;
  ASSERT_OK(set());
  EXPECT_THAT(Turns("2026-1")->due, UnorderedElementsAre(Pair("p-1", -kTurn / 2), Pair("p-2", 7)));
  EXPECT_FALSE(Turns("2026-1")->more);
  EXPECT_THAT(Turns("other")->due, IsEmpty());
}

// Thirty partners, any twelve of them candidates of a decision, and room for fifteen together: turns come and go
// between the two places, and are due as if they had all been kept in memory.
TEST_F(RoutingTurnsStoreTest, ComeAndGoAndStayTheSame) {
  std::mt19937 random(20260101);
  std::map<std::string, int64_t> model;
  bool apart = false;
  for (int i = 0; i < 300; ++i) {
    std::vector<NearbyPartner> nearby;
    RoutingInputs inputs{.terms = {.proximity_weight = 100, .tolerance = 500}};
    for (int p = 0; p < 30; ++p) {
      if (random() % 5 > 1) continue;
      const std::string id = StrCat("p-", 10 + p);
      nearby.push_back({.id = id, .active = true});
      inputs.candidates.push_back({.partner_id = id,
                                   .active = random() % 8 > 0,
                                   .proximity_points = random() % 3 > 0 ? 10 : 0,
                                   .share = 1 + p % 3,
                                   .capacity = 1});
    }
    RoutingBook book;
    ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      RETURN_IF_ERROR(store_.LockTurns(sql));
      ASSIGN_OR_RETURN(book.turns, store_.Turns(sql, "policy"));
      RETURN_IF_ERROR(store_.LookUpTurns(sql, "policy", nearby, &book.turns));
      for (RoutingCandidate& candidate : inputs.candidates) {
        const auto found = book.turns.due.find(candidate.partner_id);
        candidate.turns_due = found == book.turns.due.end() ? 0 : found->second;
        EXPECT_EQ(candidate.turns_due, model[candidate.partner_id]) << i << " " << candidate.partner_id;
      }
      const Routed routed = Route(inputs);
      if (!routed.chosen.has_value()) return absl::OkStatus();
      for (const TurnsOf& one : routed.turns) model[inputs.candidates[one.candidate].partner_id] = one.turns_due;
      book.Apply(inputs, routed);
      return store_.SetTurns(sql, "policy", inputs.candidates, &book.turns, 15);
    }));
    ASSERT_FALSE(HasFailure());
    apart |= Turns("policy")->more;
    EXPECT_LE(Turns("policy")->due.size(), 15u + 12u);
  }
  EXPECT_TRUE(apart);
  EXPECT_GT(Rows(), 0);
  int64_t sum = 0;
  for (const auto& [id, due] : model) sum += due;
  EXPECT_EQ(sum, 0);
}

// What is kept in rows alone is due as well.
TEST_F(RoutingTurnsStoreTest, RowsCountWhereNothingIsKeptTogether) {
  ASSERT_OK(Do([&](mysql::Transaction& sql) {
    return sql.InsertRows("INSERT INTO routing_turn (policy_id, partner_id, turns_due) VALUES", 3,
                          {"policy", "p-1", 5, "policy", "p-2", -5});
  }));
  RoutingTurns turns = *Turns("policy");
  EXPECT_TRUE(turns.more);
  ASSERT_OK(Do([&](mysql::Transaction& sql) {
    return store_.LookUpTurns(sql, "policy", {{.id = "p-2"}, {.id = "p-3"}}, &turns);
  }));
  EXPECT_THAT(turns.due, UnorderedElementsAre(Pair("p-2", -5), Pair("p-3", 0)));
}

}  // namespace
}  // namespace tributary::partner
