#include "partner-service/agreements/agreement.h"

#include "common/status/status_matchers.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1700000000);
constexpr Reason kOk = Reason::kUnspecified;

Date Day(const char* text) { return *Date::Parse(text); }

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

TEST(AgreementTest, TheHashIsThatOfTheStandard) {
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(AgreementTest, EveryVerbFromEveryState) {
  using S = AgreementState;
  for (int number = 1; number <= 4; ++number) {
    const S from = static_cast<S>(number);
    SCOPED_TRACE(std::string(NameOf(from)));
    const Agreement agreement = In(from);
    const auto outcome = [&](bool allowed) { return allowed ? kOk : Reason::kStateConflict; };
    EXPECT_EQ(ReasonOf(Propose(agreement, kNow).status()), outcome(from == S::kDraft));
    EXPECT_EQ(ReasonOf(Sign(agreement, agreement.text_sha256, "u", kNow).status()), outcome(from == S::kProposed));
    EXPECT_EQ(ReasonOf(Terminate(agreement, kNow).status()), outcome(from == S::kProposed || from == S::kSigned));
  }
}

TEST(AgreementTest, ASignatureNamesWhoWhenAndWhat) {
  const auto agreement = Sign(In(AgreementState::kProposed), Sha256Hex("abc"), "user-7", kNow);
  ASSERT_OK(agreement);
  EXPECT_EQ(agreement->state, AgreementState::kSigned);
  ASSERT_TRUE(agreement->signature.has_value());
  EXPECT_EQ(agreement->signature->signer, "user-7");
  EXPECT_EQ(agreement->signature->sign_time, kNow);
  EXPECT_EQ(agreement->signature->text_sha256, Sha256Hex("abc"));
  EXPECT_THAT(Sign(In(AgreementState::kProposed), Sha256Hex("abd"), "user-7", kNow), Blames("text_sha256"));
}

TEST(AgreementTest, InForceIsAQuestionOfStateAndDay) {
  const DateRange closed = {Day("2012-01-01"), Day("2013-01-01")};
  const DateRange open = {Day("2012-01-01"), OpenEnd()};
  struct Case {
    AgreementState state;
    DateRange effective;
    const char* day;
    bool in_force;
  };
  const Case cases[] = {
      {AgreementState::kSigned, closed, "2011-12-31", false},   {AgreementState::kSigned, closed, "2012-01-01", true},
      {AgreementState::kSigned, closed, "2012-12-31", true},    {AgreementState::kSigned, closed, "2013-01-01", false},
      {AgreementState::kSigned, open, "2099-01-01", true},      {AgreementState::kSigned, open, "2011-12-31", false},
      {AgreementState::kDraft, open, "2012-06-01", false},      {AgreementState::kProposed, open, "2012-06-01", false},
      {AgreementState::kTerminated, open, "2012-06-01", false},
  };
  std::vector<Agreement> all;
  for (const Case& c : cases) {
    SCOPED_TRACE(std::string(NameOf(c.state)) + " on " + c.day);
    EXPECT_EQ(InForce(In(c.state, c.effective), Day(c.day)), c.in_force);
    all.push_back(In(c.state, c.effective));
  }
  EXPECT_TRUE(AnyInForce(all, Day("2099-01-01")));
  EXPECT_FALSE(AnyInForce(all, Day("2011-12-31")));
  EXPECT_FALSE(AnyInForce({}, Day("2012-01-01")));
}

TEST(AgreementTest, TermsEndAfterTheyBegin) {
  EXPECT_OK(CheckTerms(In(AgreementState::kDraft, {Day("2012-01-01"), Day("2012-01-02")})));
  EXPECT_THAT(CheckTerms(In(AgreementState::kDraft, {Day("2012-01-01"), Day("2012-01-01")})), Blames("effective_to"));
  EXPECT_THAT(CheckTerms(In(AgreementState::kDraft, {Day("2012-01-02"), Day("2012-01-01")})), Blames("effective_to"));
  Agreement agreement = In(AgreementState::kDraft);
  agreement.title = "two\nlines";
  EXPECT_THAT(CheckTerms(agreement), Blames("title"));
}

}  // namespace
}  // namespace tributary::partner
