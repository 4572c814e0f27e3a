#include "partner-service/partners/partner.h"

#include <functional>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

Partner In(PartnerState state) {
  return {.id = "p-1",
          .revision = Revision::First(kNow - absl::Hours(1)),
          .state = state,
          .legal_name = "Acme",
          .currency = "USD"};
}

using Verb = std::function<absl::StatusOr<Partner>(const Partner&)>;
constexpr Reason kOk = Reason::kUnspecified;

TEST(PartnerTest, EveryVerbFromEveryState) {
  const Verb activate = [](const Partner& p) { return Activate(p, true, kNow); };
  const Verb activate_without = [](const Partner& p) { return Activate(p, false, kNow); };
  const Verb suspend = [](const Partner& p) { return Suspend(p, kNow); };
  const Verb reinstate = [](const Partner& p) { return Reinstate(p, kNow); };
  const Verb terminate = [](const Partner& p) { return Terminate(p, kNow); };
  const Verb change = [](const Partner& p) { return Change(p, p, kNow); };
  const Verb merge = [](const Partner& p) {
    return Merge(p, {.id = "p-2", .state = PartnerState::kActive}, "the same", "manager-1", kNow);
  };
  const Verb undo_merge = [](const Partner& p) { return UndoMerge(p, kNow); };
  using S = PartnerState;
  struct Case {
    const char* name;
    Verb verb;
    S from;
    S to;
    Reason outcome;
  };
  const Case cases[] = {
      {"activate", activate, S::kProspect, S::kActive, kOk},
      {"activate", activate, S::kActive, S::kActive, Reason::kStateConflict},
      {"activate", activate, S::kSuspended, S::kSuspended, Reason::kStateConflict},
      {"activate", activate, S::kTerminated, S::kTerminated, Reason::kStateConflict},
      {"activate without agreement", activate_without, S::kActive, S::kActive, Reason::kStateConflict},
      {"activate without agreement", activate_without, S::kProspect, S::kProspect, Reason::kAgreementRequired},
      {"suspend", suspend, S::kProspect, S::kProspect, Reason::kStateConflict},
      {"suspend", suspend, S::kActive, S::kSuspended, kOk},
      {"suspend", suspend, S::kSuspended, S::kSuspended, Reason::kStateConflict},
      {"suspend", suspend, S::kTerminated, S::kTerminated, Reason::kStateConflict},
      {"reinstate", reinstate, S::kProspect, S::kProspect, Reason::kStateConflict},
      {"reinstate", reinstate, S::kActive, S::kActive, Reason::kStateConflict},
      {"reinstate", reinstate, S::kSuspended, S::kActive, kOk},
      {"reinstate", reinstate, S::kTerminated, S::kTerminated, Reason::kStateConflict},
      {"terminate", terminate, S::kProspect, S::kTerminated, kOk},
      {"terminate", terminate, S::kActive, S::kTerminated, kOk},
      {"terminate", terminate, S::kSuspended, S::kTerminated, kOk},
      {"terminate", terminate, S::kTerminated, S::kTerminated, Reason::kStateConflict},
      {"change", change, S::kProspect, S::kProspect, kOk},
      {"change", change, S::kActive, S::kActive, kOk},
      {"change", change, S::kSuspended, S::kSuspended, kOk},
      {"change", change, S::kTerminated, S::kTerminated, Reason::kStateConflict},
      {"merge", merge, S::kProspect, S::kTerminated, kOk},
      {"merge", merge, S::kActive, S::kTerminated, kOk},
      {"merge", merge, S::kSuspended, S::kTerminated, kOk},
      {"merge", merge, S::kTerminated, S::kTerminated, Reason::kStateConflict},
      {"undoMerge", undo_merge, S::kProspect, S::kProspect, Reason::kStateConflict},
      {"undoMerge", undo_merge, S::kActive, S::kActive, Reason::kStateConflict},
      {"undoMerge", undo_merge, S::kSuspended, S::kSuspended, Reason::kStateConflict},
      {"undoMerge", undo_merge, S::kTerminated, S::kTerminated, Reason::kStateConflict},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(std::string(c.name) + " from " + std::string(NameOf(c.from)));
    const Partner before = In(c.from);
    const auto after = c.verb(before);
    EXPECT_EQ(ReasonOf(after.status()), c.outcome);
    if (!after.ok()) continue;
    EXPECT_EQ(after->state, c.to);
    EXPECT_EQ(after->revision.version, before.revision.version + 1);
    EXPECT_EQ(after->revision.update_time, kNow);
    EXPECT_EQ(after->revision.uid, before.revision.uid);
    EXPECT_FALSE(after->undone);
  }
}

TEST(PartnerTest, AMergedPartnerRefusesCommandsAndNamesItsSurvivor) {
  const Partner survivor{.id = "p-2", .state = PartnerState::kActive};
  const auto merged = Merge(In(PartnerState::kSuspended), survivor, "the same", "manager-1", kNow);
  ASSERT_OK(merged);
  const PartnerMerge want{.survivor = "partners/p-2",
                          .state_before = PartnerState::kSuspended,
                          .time = kNow,
                          .reason = "the same",
                          .principal = "manager-1"};
  EXPECT_EQ(merged->merge, want);
  for (const absl::Status& refused :
       {CheckOpen(*merged, "createDocument"), Terminate(*merged, kNow).status(), Reinstate(*merged, kNow).status(),
        Change(*merged, *merged, kNow).status(), Merge(*merged, survivor, "again", "m", kNow).status()}) {
    EXPECT_THAT(refused, HasReason(Reason::kStateConflict));
    EXPECT_NE(refused.message().find("TERMINATED (merged into partners/p-2)"), std::string::npos) << refused;
  }
  const auto restored = UndoMerge(*merged, kNow);
  ASSERT_OK(restored);
  EXPECT_EQ(restored->state, PartnerState::kSuspended);
  EXPECT_FALSE(restored->merge.has_value());
  EXPECT_FALSE(TakeBack(*merged, kNow).merge.has_value());
}

TEST(PartnerTest, AMergeIsRefusedInThisOrder) {
  Partner gone{.id = "p-2", .state = PartnerState::kTerminated};
  const Partner itself = In(PartnerState::kTerminated);
  EXPECT_THAT(Merge(itself, itself, "x", "m", kNow), Blames("survivor"));
  EXPECT_THAT(Merge(itself, gone, "a\nb", "m", kNow), Blames("reason"));
  const auto first = Merge(itself, gone, "x", "m", kNow);
  EXPECT_THAT(first, HasReason(Reason::kStateConflict));
  EXPECT_NE(first.status().message().find("partners/p-1"), std::string::npos) << first.status();
  const auto then = Merge(In(PartnerState::kActive), gone, "x", "m", kNow);
  EXPECT_THAT(then, HasReason(Reason::kStateConflict));
  EXPECT_NE(then.status().message().find("partners/p-2"), std::string::npos) << then.status();
}

TEST(PartnerTest, AChangeKeepsWhatCallersMayNotSet) {
  Partner before = In(PartnerState::kActive);
  before.application = "applications/a-1";
  Partner wanted = In(PartnerState::kProspect);
  wanted.id = "other";
  wanted.legal_name = "Acme Ltd";
  wanted.trade_names = {"ACME"};
  wanted.home_region = "regions/aw-1";
  wanted.time_zone = "Asia/Shanghai";
  const auto after = Change(before, wanted, kNow);
  ASSERT_OK(after);
  EXPECT_EQ(after->id, "p-1");
  EXPECT_EQ(after->state, PartnerState::kActive);
  EXPECT_EQ(after->application, "applications/a-1");
  EXPECT_EQ(after->legal_name, "Acme Ltd");
  EXPECT_EQ(after->trade_names, std::vector<std::string>{"ACME"});
  EXPECT_EQ(after->home_region, "regions/aw-1");
  EXPECT_EQ(after->time_zone, "Asia/Shanghai");
}

TEST(PartnerTest, NamesAreOneLineEach) {
  Partner partner = In(PartnerState::kProspect);
  EXPECT_OK(CheckTexts(partner));
  partner.legal_name = "Acme\nLtd";
  partner.trade_names = {"ok", "", "tab\t"};
  partner.addresses = {{.text = std::string("nul\0", 4)}, {.country = "de", .text = "Ok"}};
  partner.tax_ids = {{TaxIdType::kEin, "12"}};
  const absl::Status status = CheckTexts(partner);
  EXPECT_THAT(status, Blames("legal_name"));
  EXPECT_THAT(status, Blames("trade_names[1]"));
  EXPECT_THAT(status, Blames("trade_names[2]"));
  EXPECT_THAT(status, Blames("addresses[0].text"));
  EXPECT_THAT(status, Blames("addresses[1].country"));
  EXPECT_THAT(status, Blames("tax_ids[0].value"));
  EXPECT_EQ(DetailOf(status).violations.size(), 6u);
}

TEST(PartnerTest, TodayIsThePartnersOwn) {
  Partner partner = In(PartnerState::kProspect);
  const absl::Time late = absl::FromCivil(absl::CivilSecond(2013, 12, 31, 20, 0, 0), absl::UTCTimeZone());
  EXPECT_EQ(TodayOf(partner, late).ToString(), "2013-12-31");
  partner.time_zone = "Asia/Shanghai";
  EXPECT_EQ(TodayOf(partner, late).ToString(), "2014-01-01");
}

TEST(PartnerTest, TakenBackIsTerminatedAndItsIdIsFree) {
  for (const PartnerState state : {PartnerState::kProspect, PartnerState::kActive, PartnerState::kTerminated}) {
    const Partner taken_back = TakeBack(In(state), kNow);
    EXPECT_EQ(taken_back.state, PartnerState::kTerminated);
    EXPECT_TRUE(taken_back.undone);
    EXPECT_EQ(taken_back.revision.version, 2);
  }
}

}  // namespace
}  // namespace tributary::partner
