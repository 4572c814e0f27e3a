#include "partner-service/applications/gates.h"

#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "common/time/today.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

using S = ApplicationState;
using G = GateState;

const Date kToday = UtcToday(kNow);

Application Being(S state) {
  Application application{.id = "a-1", .state = state, .created_by = "manager-1"};
  if (state == S::kDraft) return application;
  application.submit_time = kNow;
  application.required_documents = {DocumentKind::kLicense};
  if (state == S::kSubmitted) return application;
  application.documents = {{.document_id = "d-1", .kind = DocumentKind::kLicense}};
  application.complete_time = kNow + absl::Hours(24);
  if (state == S::kScreening) return application;
  application.screening = Screening{.criteria_version = "2026-2", .score = 60, .pass_score = 50, .passed = true};
  application.screen_time = kNow + absl::Hours(48);
  if (state == S::kInfoRequested) {
    application.info_request = InfoRequest{.text = "Which permit?", .ask_time = kNow + absl::Hours(72)};
  }
  if (state == S::kRejected) application.rejection_reason = "too far";
  if (state == S::kRejected || state == S::kApproved || state == S::kConverted) application.decide_time = kNow;
  return application;
}

std::string TextOf(const std::vector<Gate>& gates) {
  std::string text;
  for (const Gate& gate : gates) {
    StrAppend(&text, text.empty() ? "" : " | ", static_cast<int>(gate.state), " ", gate.owner, " ",
              gate.due.has_value() ? gate.due->ToString() : "-", " ", gate.blocker);
  }
  return text;
}

TEST(GatesTest, OfEveryState) {
  const struct {
    S state;
    const char* gates;  // state, owner, due, blocker
  } cases[] = {
      {S::kDraft, "1 manager-1 - it is not handed in | 1 CHANNEL_MANAGER -  | 1 CHANNEL_MANAGER - "},
      {S::kSubmitted, "2 manager-1 2023-11-28 missing: LICENSE | 1 CHANNEL_MANAGER -  | 1 CHANNEL_MANAGER - "},
      {S::kScreening, "3 manager-1 -  | 2 CHANNEL_MANAGER 2023-11-17 it waits to be screened | 1 CHANNEL_MANAGER - "},
      {S::kInReview, "3 manager-1 -  | 3 CHANNEL_MANAGER -  | 2 CHANNEL_MANAGER 2023-11-21 it waits for a decision"},
      {S::kInfoRequested,
       "2 manager-1 2023-12-01 asked for: Which permit? | 1 CHANNEL_MANAGER -  | 1 CHANNEL_MANAGER - "},
      {S::kApproved, "3 manager-1 -  | 3 CHANNEL_MANAGER -  | 3 CHANNEL_MANAGER - "},
      {S::kRejected, "3 manager-1 -  | 3 CHANNEL_MANAGER -  | 4 CHANNEL_MANAGER - too far"},
      {S::kWithdrawn, "3 manager-1 -  | 3 CHANNEL_MANAGER -  | 5 CHANNEL_MANAGER - "},
      {S::kConverted, "3 manager-1 -  | 3 CHANNEL_MANAGER -  | 3 CHANNEL_MANAGER - "},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(TextOf(GatesOf(Being(c.state), kToday, Viewer::kVendor)), c.gates) << NameOf(c.state);
  }
}

TEST(GatesTest, EndedBeforeItsGates) {
  Application early = Being(S::kSubmitted);
  early.state = S::kRejected;
  early.rejection_reason = "no";
  EXPECT_EQ(TextOf(GatesOf(early, kToday, Viewer::kVendor)),
            "5 manager-1 -  | 5 CHANNEL_MANAGER -  | 4 CHANNEL_MANAGER - no");
  early.state = S::kWithdrawn;
  EXPECT_EQ(TextOf(GatesOf(early, kToday, Viewer::kVendor)),
            "5 manager-1 -  | 5 CHANNEL_MANAGER -  | 5 CHANNEL_MANAGER - ");
  Application late = Being(S::kApproved);
  late.state = S::kWithdrawn;
  EXPECT_EQ(TextOf(GatesOf(late, kToday, Viewer::kVendor)),
            "3 manager-1 -  | 3 CHANNEL_MANAGER -  | 3 CHANNEL_MANAGER - ");
}

TEST(GatesTest, TheProspectAndTheReviewerOwnTheirs) {
  Application application = Being(S::kInReview);
  application.prospect = "partners/p-1";
  application.reviewer = "manager-7";
  const std::vector<Gate> gates = GatesOf(application, kToday, Viewer::kVendor);
  EXPECT_EQ(gates[0].owner, "partners/p-1");
  EXPECT_EQ(gates[1].owner, "manager-7");
  EXPECT_EQ(gates[2].owner, "manager-7");
}

TEST(GatesTest, AFailedScreeningSaysWhatWasNotTold) {
  Application application = Being(S::kInReview);
  application.screening->passed = false;
  application.screening->criteria = {
      {.name = "tax_id", .missing = true}, {.name = "kind"}, {.name = "license", .missing = true}};
  const std::vector<Gate> gates = GatesOf(application, kToday, Viewer::kApplicant);
  EXPECT_EQ(gates[1].state, G::kFailed);
  EXPECT_EQ(gates[1].blocker, "it did not pass 2026-2; not told: tax_id, license");
  EXPECT_EQ(gates[2].blocker, "it cannot be approved: it did not pass screening");
}

TEST(GatesTest, WhoIsAlikeIsTheVendorsToKnow) {
  Application application = Being(S::kInReview);
  application.screening->duplicates = {{"partners/p-9", "legal name"}};
  EXPECT_EQ(GatesOf(application, kToday, Viewer::kVendor)[2].blocker,
            "it waits for a decision; like partners/p-9 by its legal name");
  EXPECT_EQ(GatesOf(application, kToday, Viewer::kApplicant)[2].blocker, "it waits for a decision");
}

TEST(GatesTest, ADocumentThatRanOutIsMissing) {
  Application application = Being(S::kInfoRequested);
  application.documents[0].expires_on = kToday;
  EXPECT_TRUE(GatesOf(application, kToday, Viewer::kVendor)[0].missing_documents.empty());
  const std::vector<Gate> gates = GatesOf(application, kToday.AddDays(1), Viewer::kVendor);
  EXPECT_EQ(gates[0].missing_documents, std::vector{DocumentKind::kLicense});
  EXPECT_EQ(gates[0].blocker, "asked for: Which permit?; missing: LICENSE");
}

}  // namespace
}  // namespace tributary::partner
