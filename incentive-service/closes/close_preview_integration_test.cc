// Previews of closes: what a preview says is what the close then does, nothing of it is stored, and what has changed
// since an earlier one is told.

#include <set>

#include "common/text/text.h"
#include "incentive-service/testing_stacks.h"
#include "tributary/incentive/v1/close_preview.pb.h"

namespace tributary::incentive {
namespace {

using inventory::v1::ShipmentLine;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kPreviews[] = "tributary.incentive.v1.ClosePreviewService/";

// What closes write.
constexpr const char* kWritten[] = {"statement",  "statement_entry", "statement_line", "period_close",
                                    "budget_use", "budget_share",    "ledger_entry",   "operation"};

class ClosePreviewTest : public WorldTest {
 protected:
  // All pages as one.
  template <typename Request>
  absl::StatusOr<v1::ClosePreview> All(const std::string& method, Request request) {
    v1::ClosePreview all;
    request.set_page_size(2);
    do {
      ASSIGN_OR_RETURN(v1::ClosePreview page, world_.finance().Call<v1::ClosePreview>(kPreviews + method, request));
      google::protobuf::RepeatedPtrField<v1::ClosePreview::Partner> partners = all.partners();
      partners.MergeFrom(page.partners());
      request.set_page_token(page.next_page_token());
      all = std::move(page);
      *all.mutable_partners() = std::move(partners);
    } while (!request.page_token().empty());
    return all;
  }
  absl::StatusOr<v1::ClosePreview> Preview(const std::string& program, const std::string& period,
                                           const std::string& since = "") {
    v1::PreviewCloseRequest request;
    request.set_name(StrCat("programs/", program, "/closes/", period));
    request.set_since(since);
    return All("PreviewClose", request);
  }
  absl::StatusOr<v1::ClosePreview> PreviewStacked(const std::string& plan, const std::string& period) {
    v1::PreviewStackedCloseRequest request;
    request.set_name("stackingPlans/" + plan);
    request.set_period(period);
    return All("PreviewStackedClose", request);
  }
  // What previews must leave as it is, as text.
  std::string Written() {
    std::string text;
    EXPECT_OK(world_.database().Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      text.clear();
      for (const char* table : kWritten) {
        ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT COUNT(*) FROM ", table)));
        StrAppend(&text, table, " ", rows.front().Int(0), "\n");
      }
      ASSIGN_OR_RETURN(const mysql::Rows accruals,
                       sql.Query("SELECT partner, program, period, stated, true_up_due FROM accrual ORDER BY partner, "
                                 "program, period"));
      for (const mysql::Row& row : accruals) {
        StrAppend(&text, row.Text(0), " ", row.Text(1), " ", row.Text(2), " ", row.Int(3), row.Int(4), "\n");
      }
      return absl::OkStatus();
    }));
    return text;
  }
  static std::string TextOf(const std::string& partner, v1::StatementEntry entry) {
    entry.clear_ordinal();
    return StrCat(partner, " ", entry.ShortDebugString());
  }
  static std::vector<std::string> Texts(const v1::ClosePreview& preview) {
    std::vector<std::string> texts;
    for (const v1::ClosePreview::Partner& partner : preview.partners()) {
      for (const v1::StatementEntry& entry : partner.entries()) texts.push_back(TextOf(partner.partner(), entry));
    }
    return texts;
  }
  // What statements have of closes of the period, by partner.
  std::vector<std::string> Drafted(const std::set<std::string>& programs, const std::string& period) {
    std::vector<std::string> texts;
    for (const v1::Statement& statement : world_.Statements(world_.finance())) {
      const std::string partner = statement.name().substr(0, statement.name().find("/statements/"));
      for (const v1::StatementEntry& entry : statement.entries()) {
        if (!programs.contains(entry.program())) continue;
        if (entry.close().ends_with("/closes/" + period)) texts.push_back(TextOf(partner, entry));
      }
    }
    return texts;
  }
  // Previews the close, which changes nothing, and then makes it.
  void ExpectCloseIsAsPreviewed(const std::string& program, const std::string& period) {
    SCOPED_TRACE(StrCat(program, " ", period));
    const std::string written = Written();
    ASSERT_OK_AND_ASSIGN(const v1::ClosePreview preview, Preview(program, period));
    EXPECT_EQ(Written(), written);
    ASSERT_OK_AND_ASSIGN(v1::PeriodClose close, world_.Close(program, period));
    EXPECT_NE(Written(), written);
    close.clear_close_time();
    ASSERT_EQ(preview.period_closes_size(), 1);
    EXPECT_EQ(preview.period_closes(0).ShortDebugString(), close.ShortDebugString());
    EXPECT_EQ(Amount(preview.total()), Amount(close.total()));
    EXPECT_EQ(Texts(preview), Drafted({"programs/" + program}, period));
    EXPECT_THAT(Preview(program, period), HasReason(Reason::kPeriodClosed));
    ASSERT_OK(world_.Issue(period));
  }

  Stacks stacks_{world_};
};

TEST_F(ClosePreviewTest, ACloseDoesWhatItsPreviewSays) {
  world_.CreateActive("growth");
  const std::vector<ShipmentLine> lines = {LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 25000),
                                           LineOf("p2", "SO2", 1, "2025-02-01", "2025-02-02", 700),
                                           LineOf("p3", "SO3", 1, "2025-03-31", "2025-04-02", 61000),
                                           LineOf("p3", "SO4", 1, "2025-03-31", "2025-04-02", 10, 0, "EUR")};
  feed_.Tell(lines);
  world_.CatchUp();
  EXPECT_THAT(Preview("growth", "2025Q2"), HasReason(Reason::kStateConflict)) << "the one before is open";
  EXPECT_THAT(Preview("growth", "2025"), HasReason(Reason::kInvalidField));
  ASSERT_NO_FATAL_FAILURE(ExpectCloseIsAsPreviewed("growth", "2025Q1"));

  // True-ups, of one partner whose only line was taken back too, beside what the next period earns.
  feed_.Tell({ReversalOf(lines[1]), LineOf("p3", "SO5", 1, "2025-01-05", "2025-01-06", 900),
              LineOf("p1", "SO6", 1, "2025-05-05", "2025-05-06", 4000)});
  world_.CatchUp();
  ASSERT_NO_FATAL_FAILURE(ExpectCloseIsAsPreviewed("growth", "2025Q2"));
  ASSERT_OK_AND_ASSIGN(const v1::ClosePreview nothing, Preview("growth", "2025Q3"));
  EXPECT_THAT(Texts(nothing), IsEmpty()) << "what was due has been said";
}

TEST_F(ClosePreviewTest, GuaranteesAndPayoutPeriodsArePreviewed) {
  world_.CreateActive("guaranteed", Terms(R"pb(
                        guarantee {
                          amount { value: "1000" }
                          cumulative: true
                        }
                        eligibility { partners: "partners/p1" partners: "partners/p2" }
                      )pb"));
  world_.CreateActive("nested", [] {
    v1::Program program = Terms();
    program.set_period(v1::Program::YEAR);
    program.set_payout_period(v1::Program::QUARTER);
    return program;
  }());
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 90000),
              LineOf("p2", "SO2", 1, "2025-05-01", "2025-05-02", 30000)});
  world_.CatchUp();
  for (const char* program : {"guaranteed", "nested"}) {
    ASSERT_NO_FATAL_FAILURE(ExpectCloseIsAsPreviewed(program, "2025Q1"));
  }
  feed_.Tell({LineOf("p1", "SO3", 1, "2025-03-01", "2025-03-02", 500)});
  world_.CatchUp();
  for (const char* program : {"guaranteed", "nested"}) {
    ASSERT_NO_FATAL_FAILURE(ExpectCloseIsAsPreviewed(program, "2025Q2"));
  }
}

TEST_F(ClosePreviewTest, BudgetsAndTheirOverrunsArePreviewed) {
  world_.CreateActive("g", Terms("budget { amount { value: '300' } }"));
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 20000),
              LineOf("p2", "SO2", 1, "2025-02-01", "2025-02-02", 20000)});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::ClosePreview shared, Preview("g", "2025Q1"));
  ASSERT_EQ(shared.budgets_size(), 1);
  EXPECT_EQ(shared.budgets(0).program(), "programs/g");
  EXPECT_EQ(Amount(shared.budgets(0).use().asked()), "USD 400.000000000");
  EXPECT_EQ(Amount(shared.budgets(0).use().used()), "USD 300.000000000");
  ASSERT_NO_FATAL_FAILURE(ExpectCloseIsAsPreviewed("g", "2025Q1"));
  // Issued money is not taken back by sharing out again: what p3 gets goes beyond the budget.
  feed_.Tell({LineOf("p3", "SO3", 1, "2025-03-01", "2025-03-02", 20000)});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::ClosePreview beyond, Preview("g", "2025Q2"));
  ASSERT_EQ(beyond.budgets_size(), 2);
  EXPECT_EQ(beyond.budgets(1).use().period(), "2025Q1");
  EXPECT_EQ(Amount(beyond.budgets(1).use().overrun()), "USD 100.000000000");
  ASSERT_NO_FATAL_FAILURE(ExpectCloseIsAsPreviewed("g", "2025Q2"));
}

TEST_F(ClosePreviewTest, TellsWhatHasChangedSinceAnEarlierOne) {
  world_.CreateActive("growth");
  const ShipmentLine first = LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 10000);
  feed_.Tell({first, LineOf("p2", "SO2", 1, "2025-02-01", "2025-02-02", 700)});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::ClosePreview monday, Preview("growth", "2025Q1"));
  EXPECT_THAT(monday.mark(), Not(IsEmpty()));
  EXPECT_FALSE(monday.has_change());
  ASSERT_OK_AND_ASSIGN(const v1::ClosePreview same, Preview("growth", "2025Q1", monday.mark()));
  EXPECT_EQ(Amount(same.change()), "USD 0.000000000");
  for (const v1::ClosePreview::Partner& partner : same.partners()) EXPECT_EQ(partner.changes_size(), 0);

  feed_.Tell({ReversalOf(first), LineOf("p2", "SO3", 1, "2025-02-03", "2025-02-04", 300),
              LineOf("p3", "SO4", 1, "2025-02-03", "2025-02-04", 100)});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::ClosePreview friday, Preview("growth", "2025Q1", monday.mark()));
  EXPECT_NE(friday.mark(), monday.mark());
  std::vector<std::string> changes;
  for (const v1::ClosePreview::Partner& partner : friday.partners()) {
    for (const v1::ClosePreview::Change& change : partner.changes()) {
      changes.push_back(StrCat(partner.partner(), " ", change.program(), " ", change.period(), " ",
                               v1::StatementEntry::Kind_Name(change.kind()), " ", Amount(change.amount_before()),
                               " -> ", Amount(change.amount())));
    }
  }
  EXPECT_THAT(changes, ElementsAre("partners/p1 programs/growth 2025Q1 EARNED USD 100.000000000 -> USD 0.000000000",
                                   "partners/p2 programs/growth 2025Q1 EARNED USD 7.000000000 -> USD 10.000000000",
                                   "partners/p3 programs/growth 2025Q1 EARNED USD 0.000000000 -> USD 1.000000000"));
  EXPECT_EQ(Amount(friday.change()), "USD -96.000000000");
  EXPECT_EQ(Amount(friday.total()), "USD 11.000000000");
  EXPECT_THAT(Preview("growth", "2025Q1", "0:x"), HasReason(Reason::kInvalidField));
}

// Before its last day has passed a period may be previewed, and not closed.
TEST_F(ClosePreviewTest, APeriodThatIsRunningMayBePreviewed) {
  v1::Program terms = Terms();
  terms.set_period(v1::Program::YEAR);
  const auto year = static_cast<int>(absl::ToCivilYear(absl::Now(), absl::UTCTimeZone()).year());
  terms.mutable_effective_from()->set_year(year);
  world_.CreateActive("running", terms);
  feed_.Tell({LineOf("p1", "SO1", 1, StrCat(year, "-01-01"), StrCat(year, "-01-02"), 500)});
  world_.CatchUp();
  const std::string period = StrCat(year);
  EXPECT_THAT(world_.Close("running", period), HasReason(Reason::kPeriodNotEnded));
  ASSERT_OK_AND_ASSIGN(const v1::ClosePreview preview, Preview("running", period));
  EXPECT_EQ(Amount(preview.total()), "USD 5.000000000");
  EXPECT_EQ(preview.earliest_close_time().seconds(),
            absl::ToUnixSeconds(absl::FromCivil(absl::CivilYear(year + 1), absl::UTCTimeZone())));
}

TEST_F(ClosePreviewTest, PlansArePreviewedAsTheyAreClosed) {
  world_.CreateActive("a", Flat("0.05"));
  world_.CreateActive("b", Flat("0.03"));
  // One quarter of a by itself, before the plan.
  stacks_.CreateActive("plan", [] {
    v1::StackingPlan plan = PlanOf("net_of { program: 'programs/b' upstream: 'programs/a' }");
    plan.mutable_effective_from()->set_month(7);
    return plan;
  }());
  feed_.Tell({Line("INV0", "2024-04-05", "1", 1000), Line("INV1", "2024-07-05", "1", 2000)});
  world_.CatchUp();
  ASSERT_OK(world_.Close("a", "2024Q2"));
  ASSERT_OK(world_.Close("b", "2024Q2"));
  ASSERT_OK(world_.Issue("2024Q2"));
  EXPECT_THAT(Preview("a", "2024Q3"), HasReason(Reason::kStateConflict)) << "the plan closes it";
  feed_.Tell({Line("INV2", "2024-05-05", "1", 400)});
  world_.CatchUp();
  for (const char* period : {"2024Q3", "2024Q4"}) {
    SCOPED_TRACE(period);
    const std::string written = Written();
    ASSERT_OK_AND_ASSIGN(const v1::ClosePreview preview, PreviewStacked("plan", period));
    EXPECT_EQ(Written(), written);
    ASSERT_OK_AND_ASSIGN(v1::CloseStackedPeriodResponse closed, stacks_.Close("plan", period));
    ASSERT_EQ(preview.period_closes_size(), closed.period_closes_size());
    for (int i = 0; i < closed.period_closes_size(); ++i) {
      closed.mutable_period_closes(i)->clear_close_time();
      EXPECT_EQ(preview.period_closes(i).ShortDebugString(), closed.period_closes(i).ShortDebugString());
    }
    EXPECT_THAT(Texts(preview), Not(IsEmpty()));
    EXPECT_EQ(Texts(preview), Drafted({"programs/a", "programs/b"}, period));
    ASSERT_OK(world_.Issue(period));
    // Late in both the plan's quarter and the one before it, for the next close to say.
    feed_.Tell({Line("INV3", "2024-06-05", "1", 80), Line("INV4", "2024-08-05", "1", 60)});
    world_.CatchUp();
  }
}

}  // namespace
}  // namespace tributary::incentive
