#include "partner-service/credit_lines/credit_line.h"

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

CreditLine Line(std::string id, const char* from, const char* to = nullptr, std::string currency = "CNY") {
  return {.partner_id = "p-1",
          .id = std::move(id),
          .revision = Revision::First(kNow),
          .limit = {std::move(currency), Decimal::FromInt(100000)},
          .payment_terms_days = 30,
          .valid = {Day(from), to == nullptr ? OpenEnd() : Day(to)}};
}

TEST(CreditLineTest, EndsAfterItsFirstDay) {
  EXPECT_OK(CheckTerms(Line("a", "2026-01-01")));
  EXPECT_OK(CheckTerms(Line("a", "2026-01-01", "2026-01-02")));
  EXPECT_THAT(CheckTerms(Line("a", "2026-01-01", "2026-01-01")), Blames("valid_to"));
  EXPECT_THAT(CheckTerms(Line("a", "2026-01-02", "2026-01-01")), Blames("valid_to"));
}

TEST(CreditLineTest, OnADayOneLineOfACurrencyIsInForce) {
  CreditLine undone = Line("u", "2026-01-01");
  undone.undone = true;
  const std::vector<CreditLine> others = {Line("a", "2026-01-01", "2026-04-01"), Line("b", "2026-07-01"),
                                          Line("c", "2020-01-01", nullptr, "USD"), undone};
  const struct {
    CreditLine line;
    const char* conflicts_with;
  } kCases[] = {
      {Line("n", "2026-04-01", "2026-07-01"), nullptr},
      {Line("n", "2025-01-01", "2026-01-01"), nullptr},
      {Line("n", "2026-03-31", "2026-07-01"), "partners/p-1/creditLines/a"},
      {Line("n", "2026-04-01", "2026-07-02"), "partners/p-1/creditLines/b"},
      {Line("n", "2026-04-01"), "partners/p-1/creditLines/b"},
      {Line("n", "2026-01-01", nullptr, "EUR"), nullptr},
      {Line("n", "2030-01-01", nullptr, "USD"), "partners/p-1/creditLines/c"},
      {Line("a", "2026-02-01", "2026-07-01"), nullptr},  // itself, before the change
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.line.valid.start.ToString() + " " + c.line.valid.end.ToString());
    const absl::Status status = CheckAlone(c.line, others);
    if (c.conflicts_with == nullptr) {
      EXPECT_OK(status);
      continue;
    }
    ASSERT_THAT(status, HasReason(Reason::kStateConflict));
    EXPECT_EQ(DetailOf(status).metadata.back().second, c.conflicts_with);
  }
}

TEST(CreditLineTest, EverythingButTheCurrencyCanChange) {
  const CreditLine line = Line("a", "2026-01-01");
  CreditLine changed = Line("other", "2026-02-01", "2027-01-01");
  changed.limit.amount = Decimal::FromInt(5);
  changed.payment_terms_days = 60;
  changed.on_hold = true;
  const auto next = Change(line, changed, kNow + absl::Seconds(1));
  ASSERT_OK(next);
  EXPECT_EQ(next->name(), "partners/p-1/creditLines/a");
  EXPECT_EQ(next->revision.version, 2);
  EXPECT_EQ(next->limit, changed.limit);
  EXPECT_EQ(next->payment_terms_days, 60);
  EXPECT_EQ(next->valid, changed.valid);
  EXPECT_TRUE(next->on_hold);

  changed.limit.currency = "USD";
  EXPECT_THAT(Change(line, changed, kNow), Blames("limit.currency_code"));
  changed = line;
  changed.valid.end = line.valid.start;
  EXPECT_THAT(Change(line, changed, kNow), Blames("valid_to"));
}

TEST(CreditLineTest, TakenBackItIsHeldAndItsIdIsFree) {
  const CreditLine back = TakeBack(Line("a", "2026-01-01"), kNow);
  EXPECT_TRUE(back.on_hold);
  EXPECT_TRUE(back.undone);
  EXPECT_EQ(back.revision.version, 2);
}

TEST(CreditLineTest, AHigherLimitHoldsOnceItIsApproved) {
  const CreditLine line = Line("a", "2026-01-01");
  EXPECT_THAT(DecideLimit(line, true, kNow), HasReason(Reason::kStateConflict));
  const CreditLine asked =
      AskForLimit(AskForLimit(line, Decimal::FromInt(200000), "clerk"), Decimal::FromInt(300000), "b");
  EXPECT_EQ(asked.limit, line.limit);
  EXPECT_EQ(asked.pending_limit, Decimal::FromInt(300000));
  EXPECT_EQ(asked.limit_asked_by, (std::vector<std::string>{"clerk", "b"}));
  for (const bool approve : {true, false}) {
    const auto decided = DecideLimit(asked, approve, kNow);
    ASSERT_OK(decided);
    EXPECT_EQ(decided->limit.amount, Decimal::FromInt(approve ? 300000 : 100000));
    EXPECT_EQ(decided->pending_limit, std::nullopt);
    EXPECT_TRUE(decided->limit_asked_by.empty());
    EXPECT_EQ(decided->revision.version, 2);
  }
  // Another limit takes its place; another term does not.
  CreditLine changed = line;
  changed.on_hold = true;
  EXPECT_EQ(Change(asked, changed, kNow)->pending_limit, Decimal::FromInt(300000));
  changed.limit.amount = Decimal::FromInt(50000);
  EXPECT_EQ(Change(asked, changed, kNow)->pending_limit, std::nullopt);
  EXPECT_EQ(TakeBack(asked, kNow).pending_limit, std::nullopt);
}

}  // namespace
}  // namespace tributary::partner
