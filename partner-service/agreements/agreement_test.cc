#include "partner-service/agreements/agreement.h"

#include "common/digest/sha256.h"
#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

constexpr Reason kOk = Reason::kUnspecified;

const Date kToday = Day("2026-06-10");

Agreement In(AgreementState state, DateRange effective = {Day("2010-10-01"), OpenEnd()}) {
  return {.partner_id = "p-1",
          .id = "main",
          .revision = Revision::First(kNow - absl::Hours(1)),
          .state = state,
          .title = "Terms",
          .text = "abc",
          .text_sha256 = Sha256Hex("abc"),
          .effective = effective};
}

absl::StatusOr<Agreement> SignBy(AgreementSide side, const Agreement& agreement) {
  return Sign(agreement, agreement.text_sha256, "u", side, kNow);
}

TEST(AgreementTest, EveryVerbFromEveryState) {
  using S = AgreementState;
  for (int number = 1; number <= 4; ++number) {
    const S from = static_cast<S>(number);
    SCOPED_TRACE(std::string(NameOf(from)));
    const Agreement agreement = In(from);
    const auto outcome = [&](bool allowed) { return allowed ? kOk : Reason::kStateConflict; };
    const bool offered = from == S::kProposed || from == S::kSigned;
    EXPECT_EQ(ReasonOf(Propose(agreement, kNow).status()), outcome(from == S::kDraft));
    EXPECT_EQ(ReasonOf(SignBy(AgreementSide::kVendor, agreement).status()), outcome(offered));
    EXPECT_EQ(ReasonOf(Terminate(agreement, {}, kToday, kNow).status()), outcome(offered));
  }
}

TEST(AgreementTest, ASignatureNamesWhoWhenAndWhat) {
  const auto agreement = Sign(In(AgreementState::kProposed), Sha256Hex("abc"), "user-7", AgreementSide::kPartner, kNow);
  ASSERT_OK(agreement);
  EXPECT_EQ(agreement->state, AgreementState::kSigned);
  EXPECT_TRUE(agreement->binding);
  const Signature want{AgreementSide::kPartner, "user-7", kNow, Sha256Hex("abc")};
  EXPECT_EQ(agreement->signatures, std::vector{want});
  EXPECT_THAT(Sign(In(AgreementState::kProposed), Sha256Hex("abd"), "user-7", AgreementSide::kPartner, kNow),
              Blames("text_sha256"));
  // The other side may add its own, which comes first where it is the vendor's; nobody signs twice.
  EXPECT_THAT(SignBy(AgreementSide::kPartner, *agreement), HasReason(Reason::kStateConflict));
  const auto both = SignBy(AgreementSide::kVendor, *agreement);
  ASSERT_OK(both);
  ASSERT_EQ(both->signatures.size(), 2u);
  EXPECT_EQ(both->signatures[0].side, AgreementSide::kVendor);
  EXPECT_EQ(both->signatures[1], want);
  EXPECT_THAT(SignBy(AgreementSide::kVendor, *both), HasReason(Reason::kStateConflict));
}

TEST(AgreementTest, WhereBothSignOneSignatureDoesNotBind) {
  Agreement agreement = In(AgreementState::kProposed);
  agreement.both_sign = true;
  const auto one = SignBy(AgreementSide::kPartner, agreement);
  ASSERT_OK(one);
  EXPECT_EQ(one->state, AgreementState::kProposed);
  EXPECT_FALSE(InForce(*one, kToday));
  const auto both = SignBy(AgreementSide::kVendor, *one);
  ASSERT_OK(both);
  EXPECT_EQ(both->state, AgreementState::kSigned);
  EXPECT_TRUE(InForce(*both, kToday));
  EXPECT_GT(both->revision.update_time, one->revision.update_time);
}

TEST(AgreementTest, InForceIsAQuestionOfSignatureAndDay) {
  const DateRange closed = {Day("2012-01-01"), Day("2013-01-01")};
  const DateRange open = {Day("2012-01-01"), OpenEnd()};
  struct Case {
    AgreementState state;
    bool binding;
    DateRange effective;
    const char* day;
    bool in_force;
  };
  using S = AgreementState;
  const Case cases[] = {
      {S::kSigned, true, closed, "2011-12-31", false},    {S::kSigned, true, closed, "2012-01-01", true},
      {S::kSigned, true, closed, "2012-12-31", true},     {S::kSigned, true, closed, "2013-01-01", false},
      {S::kSigned, true, open, "2099-01-01", true},       {S::kSigned, true, open, "2011-12-31", false},
      {S::kDraft, false, open, "2012-06-01", false},      {S::kProposed, false, open, "2012-06-01", false},
      {S::kTerminated, true, closed, "2012-06-01", true}, {S::kTerminated, false, open, "2012-06-01", false},
  };
  std::vector<Agreement> all;
  for (const Case& c : cases) {
    SCOPED_TRACE(std::string(NameOf(c.state)) + " on " + c.day);
    Agreement agreement = In(c.state, c.effective);
    agreement.binding = c.binding;
    EXPECT_EQ(InForce(agreement, Day(c.day)), c.in_force);
    EXPECT_FALSE(InForce(TakeBack(agreement, kNow), Day(c.day)));
    all.push_back(agreement);
  }
  EXPECT_TRUE(AnyInForce(all, Day("2099-01-01")));
  EXPECT_FALSE(AnyInForce(all, Day("2011-12-31")));
  EXPECT_FALSE(AnyInForce({}, Day("2012-01-01")));
}

TEST(AgreementTest, TerminationGivesNotice) {
  const DateRange open = {Day("2012-01-01"), OpenEnd()};
  const DateRange year = {Day("2026-01-01"), Day("2027-01-01")};
  const DateRange ahead = {Day("2027-01-01"), Day("2028-01-01")};
  struct Case {
    DateRange effective;
    int notice_days;
    Termination termination;
    const char* end;  // or the field that is blamed
  };
  const auto at = [](const char* day) { return Termination{.end = Day(day)}; };
  const Case cases[] = {
      {open, 0, {}, "2026-06-10"},
      {open, 90, {}, "2026-09-08"},
      {open, 90, at("2026-12-31"), "2026-12-31"},
      {open, 90, at("2026-09-07"), "effective_to"},
      {open, 90, {.reason = "Goods were sold below the floor.", .breach = true}, "2026-06-10"},
      {open, 90, {.breach = true}, "reason"},
      {open, 0, {.reason = "two\nlines"}, "reason"},
      {year, 365, {}, "2027-01-01"},  // it ends before
      {year, 0, at("2027-01-02"), "effective_to"},
      {ahead, 30, {}, "2027-01-01"},                                  // it never begins
      {{Day("2020-01-01"), Day("2021-01-01")}, 0, {}, "2021-01-01"},  // it was over
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.end);
    Agreement agreement = In(AgreementState::kSigned, c.effective);
    agreement.binding = true;
    agreement.terms = AgreementTerms{.termination_notice_days = c.notice_days};
    const auto terminated = Terminate(agreement, c.termination, kToday, kNow);
    if (!Date::Parse(c.end).ok()) {
      EXPECT_THAT(terminated, Blames(c.end));
      continue;
    }
    ASSERT_OK(terminated);
    EXPECT_EQ(terminated->state, AgreementState::kTerminated);
    EXPECT_EQ(terminated->effective, (DateRange{c.effective.start, Day(c.end)}));
    EXPECT_EQ(terminated->termination_reason, c.termination.reason);
  }
  // What is not signed ends at once and has no day.
  EXPECT_THAT(Terminate(In(AgreementState::kProposed), at("2026-12-31"), kToday, kNow), Blames("effective_to"));
  EXPECT_EQ(Terminate(In(AgreementState::kProposed), {}, kToday, kNow)->effective.end, OpenEnd());
}

TEST(AgreementTest, TermsEndAfterTheyBegin) {
  EXPECT_OK(CheckTerms(In(AgreementState::kDraft, {Day("2012-01-01"), Day("2012-01-02")})));
  EXPECT_THAT(CheckTerms(In(AgreementState::kDraft, {Day("2012-01-01"), Day("2012-01-01")})), Blames("effective_to"));
  EXPECT_THAT(CheckTerms(In(AgreementState::kDraft, {Day("2012-01-02"), Day("2012-01-01")})), Blames("effective_to"));
  Agreement agreement = In(AgreementState::kDraft);
  agreement.title = "two\nlines";
  EXPECT_THAT(CheckTerms(agreement), Blames("title"));
  agreement = In(AgreementState::kDraft);
  agreement.text_template = AgreementTemplate::kCooperation1;
  EXPECT_THAT(CheckTerms(agreement), Blames("text"));
  EXPECT_THAT(CheckTerms(agreement), Blames("terms"));
  agreement.text = "";
  agreement.terms = AgreementTerms();
  EXPECT_OK(CheckTerms(agreement));
  agreement.text_template = AgreementTemplate::kNone;
  EXPECT_THAT(CheckTerms(agreement), Blames("text"));
}

}  // namespace
}  // namespace tributary::partner
