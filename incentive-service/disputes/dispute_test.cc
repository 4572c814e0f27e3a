#include "incentive-service/disputes/dispute.h"

#include "common/status/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "incentive-service/ledger/testing_ledger.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr absl::Time kNow = absl::UnixEpoch();

StatementLine LineOf(int entry, int64_t ordinal, int64_t share) {
  return {.ordinal = ordinal, .share = share, .entry = entry};
}
// Of statements of 70 and -20.
const std::vector<StatementLine>& Lines() {
  static const auto& lines = *new std::vector<StatementLine>{LineOf(1, 1, 60), LineOf(1, 2, 30), LineOf(1, 3, -20),
                                                             LineOf(2, 1, -15), LineOf(2, 2, -5)};
  return lines;
}

Dispute DisputeOf(std::vector<DisputedItem> items) {
  return {.partner = "p2",
          .statement = 3,
          .id = "d1",
          .currency = "CNY",
          .items = std::move(items),
          .reason = "Too little",
          .opener = "clerk-of-p2"};
}

absl::StatusOr<DisputeDecision> OpenOn(Statement statement, std::vector<DisputedItem> items,
                                       const std::set<int>& disputed = {}) {
  std::vector<StatementItem> of_statement = ItemsOf(statement);
  return Open(DisputeOf(std::move(items)), std::move(statement), std::move(of_statement), Lines(), disputed, kNow);
}

TEST(DisputeTest, HoldsBackWhatItIsAbout) {
  const auto opened = OpenOn(StatementOf({70, -20}), {{2, {1}}, {1, {1}}});
  ASSERT_OK(opened);
  EXPECT_THAT(opened->dispute.items, ElementsAre(DisputedItem{1, {1}, 60}, DisputedItem{2, {1}, -15}));
  EXPECT_EQ(opened->dispute.withheld(), 45);
  EXPECT_EQ(opened->statement.state, StatementState::kPartDisputed);
  EXPECT_EQ(opened->statement.withheld, 45);
  EXPECT_EQ(opened->statement.version, 2);
  EXPECT_THAT(Texts(opened->entries), ElementsAre("DISPUTE statements/3/entries/1: STATED -60, WITHHELD 60",
                                                  "DISPUTE statements/3/entries/2: STATED 15, WITHHELD -15"));
}

TEST(DisputeTest, NeverMoreThanTheEntryIsWorthNorOfTheOtherSign) {
  const struct {
    DisputedItem item;
    int64_t want;
  } cases[] = {
      {{1, {}}, 70}, {{2, {}}, -20}, {{1, {1, 2}}, 70}, {{1, {3}}, 0}, {{1, {2, 3}}, 10}, {{2, {1, 2}}, -20},
  };
  for (const auto& [item, want] : cases) {
    const auto opened = OpenOn(StatementOf({70, -20}), {item});
    ASSERT_OK(opened);
    EXPECT_EQ(opened->dispute.withheld(), want);
  }
}

TEST(DisputeTest, AlsoOfAnAdjustment) {
  const auto opened = OpenOn(TakeUp(StatementOf({70}), {{.adjustment = "a1", .amount = -9}}), {{2}});
  ASSERT_OK(opened);
  EXPECT_THAT(Texts(opened->entries), ElementsAre("DISPUTE statements/3/entries/2: STATED 9, WITHHELD -9"));
}

TEST(DisputeTest, IsRefusedInOrder) {
  for (const StatementState state : {StatementState::kDraft, StatementState::kAccepted, StatementState::kSettled}) {
    EXPECT_THAT(OpenOn(StatementOf({70}, state), {{9}}), HasReason(Reason::kStateConflict));
  }
  const absl::Status bad = OpenOn(StatementOf({70, -20}), {{0}, {3}, {1, {4, 1, 1}}, {1}, {2, {3}}}, {1}).status();
  EXPECT_THAT(bad, HasReason(Reason::kInvalidField));
  std::vector<std::string> fields;
  for (const FieldViolation& violation : DetailOf(bad).violations) fields.push_back(violation.field);
  EXPECT_THAT(fields, ElementsAre("dispute.items[0].entry", "dispute.items[1].entry", "dispute.items[2].lines[0]",
                                  "dispute.items[2].lines[2]", "dispute.items[3].entry", "dispute.items[4].lines[0]"));
  // In another dispute that is open; settled.
  EXPECT_THAT(OpenOn(StatementOf({70}, StatementState::kPartDisputed), {{1}}, {1}), HasReason(Reason::kStateConflict));
  Statement statement = StatementOf({70}, StatementState::kPartDisputed);
  std::vector<StatementItem> items = ItemsOf(statement);
  items[0].settled = 70;
  const auto settled = Open(DisputeOf({{1}}), statement, items, Lines(), {}, kNow);
  EXPECT_THAT(settled, HasReason(Reason::kStateConflict));
  EXPECT_THAT(std::string(settled.status().message()), HasSubstr("entry 1: got one that is settled"));
}

TEST(DisputeTest, ResolvedItIsToBeSettled) {
  const DisputeDecision opened = *OpenOn(StatementOf({70, -20}), {{1, {1}}});
  const Resolution accept{.accepted = true, .note = "A line was missing", .adjustment = 12, .principal = "manager"};
  const auto accepted = Resolve(opened.dispute, opened.statement, opened.items, true, accept, kNow);
  ASSERT_OK(accepted);
  EXPECT_EQ(accepted->dispute.state, DisputeState::kAccepted);
  EXPECT_EQ(accepted->dispute.resolver, "manager");
  EXPECT_EQ(accepted->statement.state, StatementState::kAccepted);
  EXPECT_EQ(accepted->statement.withheld, 0);
  EXPECT_EQ(accepted->items, ItemsOf(opened.statement));
  EXPECT_THAT(Texts(accepted->entries), ElementsAre("RESOLUTION statements/3/entries/1: STATED 60, WITHHELD -60"));
  ASSERT_TRUE(accepted->adjustment.has_value());
  EXPECT_EQ(accepted->adjustment->amount, 12);
  EXPECT_EQ(accepted->adjustment->dispute, "statements/3/disputes/d1");
  EXPECT_EQ(accepted->adjustment->requester, "manager");
  EXPECT_EQ(accepted->adjustment->state, AdjustmentState::kRequested);
  // While another dispute is open, it stays as it is.
  const Resolution reject{.note = "No", .principal = "manager"};
  const auto rejected = Resolve(opened.dispute, opened.statement, opened.items, false, reject, kNow);
  ASSERT_OK(rejected);
  EXPECT_EQ(rejected->dispute.state, DisputeState::kRejected);
  EXPECT_EQ(rejected->statement.state, StatementState::kPartDisputed);
  EXPECT_FALSE(rejected->adjustment.has_value());
  // Where nothing is left to settle, it is settled.
  std::vector<StatementItem> items = ItemsOf(opened.statement);
  for (StatementItem& item : items) item.settled = item.amount;
  Dispute of_nothing = opened.dispute;
  of_nothing.items = {{1, {3}, 0}};
  const auto done = Resolve(of_nothing, opened.statement, items, true, reject, kNow);
  ASSERT_OK(done);
  EXPECT_EQ(done->statement.state, StatementState::kSettled);
}

TEST(DisputeTest, ResolvingIsRefusedInOrder) {
  const DisputeDecision opened = *OpenOn(StatementOf({70}), {{1}});
  const auto resolve = [&](Dispute dispute, const Resolution& resolution) {
    return Resolve(std::move(dispute), opened.statement, opened.items, true, resolution, kNow).status();
  };
  Dispute resolved = opened.dispute;
  resolved.state = DisputeState::kRejected;
  EXPECT_THAT(resolve(resolved, {.principal = "clerk-of-p2"}), HasReason(Reason::kStateConflict));
  EXPECT_THAT(resolve(opened.dispute, {.adjustment = 1, .principal = "clerk-of-p2"}),
              HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(resolve(opened.dispute, {.adjustment = 1, .principal = "manager"}), HasReason(Reason::kInvalidField));
  EXPECT_THAT(resolve(opened.dispute, {.accepted = true, .adjustment = 0, .principal = "manager"}),
              HasReason(Reason::kInvalidField));
}

}  // namespace
}  // namespace tributary::incentive
