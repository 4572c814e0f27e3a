#include "partner-service/agreements/renewal.h"

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

using ::testing::Optional;

Agreement Signed(DateRange effective = {Day("2026-01-01"), Day("2027-01-01")}) {
  return {.partner_id = "p-1",
          .id = "y2026",
          .revision = Revision::First(kNow - absl::Hours(1)),
          .state = AgreementState::kSigned,
          .title = "Terms",
          .text = "abc",
          .effective = effective,
          .both_sign = true,
          .binding = true,
          .terms = AgreementTerms{.price_list = "priceLists/cn", .termination_notice_days = 30},
          .renewal_notice_days = 60};
}

TEST(RenewalTest, TheNextTermBeginsWhereTheAgreementEnds) {
  const auto next = Renew(Signed(), {Signed()}, {.id = "y2027", .to = Day("2028-01-01")}, kNow);
  ASSERT_OK(next);
  EXPECT_EQ(next->name(), "partners/p-1/agreements/y2027");
  EXPECT_EQ(next->predecessor, "y2026");
  EXPECT_EQ(next->state, AgreementState::kDraft);
  EXPECT_EQ(next->effective, (DateRange{Day("2027-01-01"), Day("2028-01-01")}));
  EXPECT_EQ(next->terms, Signed().terms);
  EXPECT_EQ(next->text, "abc");
  EXPECT_TRUE(next->both_sign);
  EXPECT_FALSE(next->binding);
  EXPECT_EQ(next->renewal_notice_days, 60);
  EXPECT_TRUE(next->signatures.empty());

  const auto other = Renew(Signed(), {}, {.terms = AgreementTerms{}, .text = "abd"}, kNow);
  ASSERT_OK(other);
  EXPECT_EQ(other->id, other->revision.uid.ToString());
  EXPECT_EQ(other->terms, AgreementTerms());
  EXPECT_EQ(other->text, "abd");
  EXPECT_EQ(other->effective.end, OpenEnd());
}

TEST(RenewalTest, ARefusalForEachReason) {
  Agreement next = *Renew(Signed(), {}, {.id = "y2027"}, kNow);
  Agreement template_text = Signed();
  template_text.text_template = AgreementTemplate::kCooperation1;
  const DateRange open = {Day("2026-01-01"), OpenEnd()};
  EXPECT_THAT(Renew(Signed(), {next}, {}, kNow), HasReason(Reason::kValidityOverlap));
  next.state = AgreementState::kTerminated;
  EXPECT_OK(Renew(Signed(), {next}, {}, kNow));
  for (const AgreementState state : {AgreementState::kDraft, AgreementState::kProposed, AgreementState::kTerminated}) {
    Agreement agreement = Signed();
    agreement.state = state;
    EXPECT_THAT(Renew(agreement, {}, {}, kNow), HasReason(Reason::kStateConflict));
  }
  EXPECT_THAT(Renew(Signed(open), {}, {}, kNow), Blames("effective_from"));
  EXPECT_THAT(Renew(Signed(open), {}, {.from = Day("2026-01-01")}, kNow), Blames("effective_from"));
  EXPECT_OK(Renew(Signed(open), {}, {.from = Day("2026-07-01")}, kNow));
  EXPECT_THAT(Renew(Signed(), {}, {.from = Day("2027-01-02")}, kNow), Blames("effective_from"));  // a gap
  EXPECT_OK(Renew(Signed(), {}, {.from = Day("2027-01-01")}, kNow));
  EXPECT_THAT(Renew(Signed(), {}, {.to = Day("2027-01-01")}, kNow), Blames("effective_to"));
  EXPECT_THAT(Renew(template_text, {}, {.text = "x"}, kNow), Blames("text"));
}

TEST(RenewalTest, ASignedNextTermEndsTheAgreementWhereItBegins) {
  const Agreement next = *Renew(Signed(), {}, {.id = "h2", .from = Day("2026-07-01")}, kNow);
  const auto ended = Succeed(Signed(), next, kNow);
  ASSERT_OK(ended);
  EXPECT_EQ(ended->effective, (DateRange{Day("2026-01-01"), Day("2026-07-01")}));
  EXPECT_EQ(ended->successor, "h2");
  EXPECT_EQ(ended->state, AgreementState::kSigned);
  EXPECT_EQ(ended->revision.version, 2);
  Agreement terminated = Signed();
  terminated.state = AgreementState::kTerminated;
  EXPECT_THAT(Succeed(terminated, next, kNow), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Succeed(Signed({Day("2026-01-01"), Day("2026-06-30")}), next, kNow), HasReason(Reason::kStateConflict));
}

TEST(RenewalTest, AChainIsEndedAtItsEnd) {
  Agreement next = *Renew(Signed(), {}, {.id = "y2027"}, kNow);
  EXPECT_OK(CheckLastTerm(Signed(), {Signed(), next}));  // a draft binds nobody
  next.state = AgreementState::kSigned;
  next.binding = true;
  EXPECT_THAT(CheckLastTerm(Signed(), {Signed(), next}), HasReason(Reason::kStateConflict));
  EXPECT_OK(CheckLastTerm(next, {Signed(), next}));
  next.state = AgreementState::kTerminated;
  EXPECT_OK(CheckLastTerm(Signed(), {Signed(), next}));
}

TEST(RenewalTest, WhatIsToldNext) {
  const DueNotice renewal{AgreementNotice::kRenewalDue, Day("2026-11-02")};
  const DueNotice ended{AgreementNotice::kEnded, Day("2027-01-01")};
  const auto next_after = [](auto change) {
    Agreement agreement = Signed();
    change(agreement);
    return NextNotice(agreement);
  };
  EXPECT_THAT(next_after([](Agreement&) {}), Optional(renewal));
  EXPECT_THAT(next_after([](Agreement& a) { a.told = AgreementNotice::kRenewalDue; }), Optional(ended));
  EXPECT_EQ(next_after([](Agreement& a) { a.told = AgreementNotice::kEnded; }), std::nullopt);
  EXPECT_THAT(next_after([](Agreement& a) { a.renewal_notice_days = 0; }), Optional(ended));
  EXPECT_THAT(next_after([](Agreement& a) { a.successor = "y2027"; }), Optional(ended));
  EXPECT_THAT(next_after([](Agreement& a) { a.state = AgreementState::kTerminated; }), Optional(ended));
  EXPECT_EQ(next_after([](Agreement& a) { a.effective.end = OpenEnd(); }), std::nullopt);
  EXPECT_EQ(next_after([](Agreement& a) { a.effective.end = a.effective.start; }), std::nullopt);
  EXPECT_EQ(next_after([](Agreement& a) { a.binding = false; }), std::nullopt);
  EXPECT_EQ(next_after([](Agreement& a) { a.undone = true; }), std::nullopt);
}

}  // namespace
}  // namespace tributary::partner
