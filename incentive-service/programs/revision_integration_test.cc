// Revisions of programs, through a real server and database: kept, compared, and of programs that accrue.

#include "incentive-service/testing_world.h"
#include "tributary/incentive/v1/simulation.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;

class RevisionTest : public WorldTest {
 protected:
  absl::StatusOr<v1::Program> Revise(const v1::Program& program, const std::vector<std::string>& paths,
                                     std::string_view starts_on, rpc::CallOptions options = {}) {
    v1::ReviseProgramRequest request;
    *request.mutable_program() = program;
    request.mutable_program()->set_name("programs/growth");
    for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
    *request.mutable_starts_on() = DateOf(starts_on);
    return world_.finance().Call<v1::Program>(std::string(kPrograms) + "ReviseProgram", request, options);
  }
  std::string ValueOf(const std::string& period) {
    const auto accrual = world_.GetAccrual("partners/p1/accruals/growth." + period);
    EXPECT_OK(accrual);
    return Amount(accrual->evaluation().value()) + " " + accrual->evaluation().program_etag();
  }
};

TEST_F(RevisionTest, EveryRevisionIsKeptAndTheyCanBeCompared) {
  ASSERT_OK(world_.Create("growth", Terms("eligibility { partners: \"partners/p1\" partners: \"partners/p2\" }")));
  v1::UpdateProgramRequest update;
  v1::Program& wanted = *update.mutable_program();
  wanted = Terms("grace_days: 30 floor { value: \"5\" }");
  wanted.set_name("programs/growth");
  wanted.mutable_tiers(1)->mutable_rate()->set_value("0.025");
  wanted.mutable_tiers()->RemoveLast();
  wanted.mutable_eligibility()->add_partners("partners/p2");
  wanted.mutable_eligibility()->add_partners("partners/p3");
  *wanted.mutable_effective_to() = DateOf("2027-01-01");
  for (const char* path : {"tiers", "grace_days", "floor", "eligibility", "effective_to"}) {
    update.mutable_update_mask()->add_paths(path);
  }
  ASSERT_OK(world_.finance().Call<v1::Program>(std::string(kPrograms) + "UpdateProgram", update));
  ASSERT_OK_AND_ASSIGN(const v1::Program active, world_.Activate("growth"));

  const auto get = [&](rpc::Client& client, const std::string& name) {
    v1::GetProgramRequest request;
    request.set_name(name);
    return client.Call<v1::Program>(std::string(kPrograms) + "GetProgram", request);
  };
  ASSERT_OK_AND_ASSIGN(const v1::Program first, get(world_.finance(), "programs/growth@1"));
  EXPECT_EQ(first.name(), "programs/growth@1");
  EXPECT_EQ(first.tiers_size(), 3);
  EXPECT_EQ(first.state(), v1::Program::DRAFT);
  ASSERT_OK_AND_ASSIGN(v1::Program third, get(world_.finance(), "programs/growth@3"));
  third.set_name(active.name());
  EXPECT_EQ(third.SerializeAsString(), active.SerializeAsString());
  EXPECT_THAT(get(world_.finance(), "programs/growth@4"), HasReason(Reason::kNotFound));
  for (const char* bad : {"programs/growth@", "programs/growth@0", "programs/growth@-1", "programs/growth@1@1", "@1"}) {
    EXPECT_THAT(get(world_.finance(), bad), Blames("name")) << bad;
  }

  v1::ListProgramRevisionsRequest list;
  list.set_parent("programs/growth");
  list.set_page_size(2);
  const std::string revisions = std::string(kPrograms) + "ListProgramRevisions";
  ASSERT_OK_AND_ASSIGN(auto page, world_.finance().Call<v1::ListProgramRevisionsResponse>(revisions, list));
  ASSERT_EQ(page.programs_size(), 2);
  EXPECT_EQ(page.programs(1).name(), "programs/growth@2");
  list.set_page_token(page.next_page_token());
  ASSERT_OK_AND_ASSIGN(page, world_.finance().Call<v1::ListProgramRevisionsResponse>(revisions, list));
  ASSERT_EQ(page.programs_size(), 1);
  EXPECT_EQ(page.programs(0).state(), v1::Program::ACTIVE);
  EXPECT_EQ(page.next_page_token(), "");

  // Drafts are nobody's business, whoever they were for; a revision shows a partner itself alone.
  list.clear_page_token();
  list.set_page_size(0);
  const std::unique_ptr<rpc::Client> p2 = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p2"),
                                     p1 = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p1");
  ASSERT_OK_AND_ASSIGN(page, p2->Call<v1::ListProgramRevisionsResponse>(revisions, list));
  ASSERT_EQ(page.programs_size(), 1);
  EXPECT_EQ(page.programs(0).name(), "programs/growth@3");
  EXPECT_EQ(page.programs(0).eligibility().partners_size(), 1);
  EXPECT_THAT(get(*p2, "programs/growth@1"), HasReason(Reason::kNotFound));
  EXPECT_OK(get(*p2, "programs/growth@3"));
  EXPECT_THAT(p1->Call<v1::ListProgramRevisionsResponse>(revisions, list), HasReason(Reason::kNotFound));
  list.set_parent("programs/none");
  EXPECT_THAT(world_.finance().Call<v1::ListProgramRevisionsResponse>(revisions, list), HasReason(Reason::kNotFound));

  v1::CompareVersionsRequest compare;
  compare.set_name("programs/growth@1");
  const std::string versions = std::string(kPrograms) + "CompareVersions";
  ASSERT_OK_AND_ASSIGN(auto compared, world_.finance().Call<v1::CompareVersionsResponse>(versions, compare));
  EXPECT_EQ(compared.before(), "programs/growth@1");
  EXPECT_EQ(compared.after(), "programs/growth@3");
  std::vector<std::string> differences;
  for (const v1::TermDifference& difference : compared.differences()) {
    differences.push_back(difference.field() + ": " + difference.before() + " -> " + difference.after());
  }
  EXPECT_THAT(differences,
              ElementsAre("tiers[1].rate: 0.02 -> 0.025", "tiers[2].from_amount: 60000 -> ", "tiers[2].rate: 0.035 -> ",
                          "eligibility.partners: partners/p1 -> ", "effective_to:  -> 2027-01-01", "grace_days:  -> 30",
                          "eligibility.partners:  -> partners/p3", "floor:  -> 5"));
  compare.set_name("programs/growth@2");
  ASSERT_OK_AND_ASSIGN(compared, world_.finance().Call<v1::CompareVersionsResponse>(versions, compare));
  EXPECT_EQ(compared.differences_size(), 0) << "an activation changes no term";
  // Another program, and the other way round.
  world_.CreateActive("other", Terms("shape: RETROACTIVE"));
  compare.set_name("programs/other");
  compare.set_other("programs/growth@1");
  ASSERT_OK_AND_ASSIGN(compared, world_.finance().Call<v1::CompareVersionsResponse>(versions, compare));
  EXPECT_EQ(compared.before(), "programs/other@2");
  ASSERT_EQ(compared.differences_size(), 3);
  EXPECT_EQ(compared.differences(0).before(), "RETROACTIVE");
  EXPECT_EQ(compared.differences(0).after(), "MARGINAL");

  compare.set_other("programs/growth@9");
  EXPECT_THAT(world_.finance().Call<v1::CompareVersionsResponse>(versions, compare), HasReason(Reason::kNotFound));
  compare.set_other("growth@1");
  EXPECT_THAT(world_.finance().Call<v1::CompareVersionsResponse>(versions, compare), Blames("other"));
  EXPECT_THAT(p2->Call<v1::CompareVersionsResponse>(versions, compare), HasReason(Reason::kPermissionDenied));
}

// A period has the terms of its first day in all that is said of it: accruals, lines, what comes next, closes,
// true-ups, statements and simulations.
TEST_F(RevisionTest, APeriodHasTheTermsOfItsFirstDay) {
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-01-15", "2025-06-01", 10000),
              LineOf("p1", "SO2", 1, "2025-04-15", "2025-06-01", 10000),
              LineOf("p1", "SO3", 1, "2025-07-15", "2025-07-16", 10000)});
  world_.CatchUp();
  world_.CreateActive("growth");  // version 2
  EXPECT_EQ(ValueOf("2025Q2"), "USD 100.000000000 \"v2\"");
  v1::Program terms;
  for (const auto& [from, rate] : {std::pair("0", "0.05"), std::pair("15000", "0.1")}) {
    v1::Program::Tier& tier = *terms.add_tiers();
    tier.mutable_from_amount()->set_value(from);
    tier.mutable_rate()->set_value(rate);
  }
  ASSERT_OK_AND_ASSIGN(const v1::Program revised, Revise(terms, {"tiers"}, "2025-04-01"));
  EXPECT_EQ(revised.state(), v1::Program::ACTIVE);
  ASSERT_EQ(revised.terms_revisions_size(), 2);
  EXPECT_EQ(revised.terms_revisions(0).revision(), "programs/growth@2");
  EXPECT_EQ(revised.terms_revisions(0).starts_on().month(), 1);
  EXPECT_EQ(revised.terms_revisions(1).revision(), "programs/growth@3");
  EXPECT_EQ(revised.terms_revisions(1).starts_on().month(), 4);
  // In its place, and one more behind it.
  terms.mutable_tiers(0)->mutable_rate()->set_value("0.03");
  ASSERT_OK(Revise(terms, {"tiers"}, "2025-04-01"));
  terms.clear_tiers();
  terms.mutable_cap()->set_value("7");
  ASSERT_OK_AND_ASSIGN(const v1::Program capped, Revise(terms, {"cap"}, "2025-07-01"));
  EXPECT_EQ(capped.terms_revisions_size(), 3);
  EXPECT_EQ(ValueOf("2025Q1"), "USD 100.000000000 \"v2\"");
  EXPECT_EQ(ValueOf("2025Q2"), "USD 300.000000000 \"v4\"");
  EXPECT_EQ(ValueOf("2025Q3"), "USD 7.000000000 \"v5\"");
  EXPECT_THAT(world_.Accruals("period = \"2025Q2\""), ::testing::SizeIs(1));
  EXPECT_EQ(world_.Accruals("period = \"2025Q2\"")[0].evaluation().program_etag(), "\"v4\"");
  v1::WhatNextRequest next;
  next.set_name("partners/p1/accruals/growth.2025Q2");
  ASSERT_OK_AND_ASSIGN(const auto step, world_.finance().Call<v1::NextTier>(std::string(kAccruals) + "WhatNext", next));
  EXPECT_EQ(step.from_amount().value(), "15000");
  v1::ListAccrualLinesRequest lines;
  lines.set_parent("partners/p1/accruals/growth.2025Q2");
  ASSERT_OK_AND_ASSIGN(const auto page, world_.finance().Call<v1::ListAccrualLinesResponse>(
                                            std::string(kAccruals) + "ListAccrualLines", lines));
  EXPECT_EQ(Amount(page.accrual_lines(0).share()), "USD 300.000000000");

  // Simulated beside itself as it was launched: more for the second quarter, less for the third.
  v1::CreateSimulationRequest simulate;
  *simulate.mutable_simulation()->mutable_program() = Terms();
  simulate.mutable_simulation()->set_compare_with("programs/growth");
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(
                                                 std::string(kSimulations) + "CreateSimulation", simulate));
  const auto simulation = AnswerOf<v1::Simulation>(operation);
  EXPECT_EQ(Amount(simulation.comparison().total()), "USD 407.000000000");
  EXPECT_EQ(Amount(simulation.total()), "USD 300.000000000");

  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose first, world_.CloseAndIssue("growth", "2025Q1"));
  EXPECT_EQ(Amount(first.total()), "USD 100.000000000");
  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose second, world_.CloseAndIssue("growth", "2025Q2"));
  EXPECT_EQ(Amount(second.total()), "USD 300.000000000");
  // What comes late for the first quarter is paid by the terms of the first quarter, with the third's close.
  feed_.Tell({LineOf("p1", "SO4", 1, "2025-01-16", "2025-07-16", 1000)});
  world_.CatchUp();
  EXPECT_EQ(ValueOf("2025Q1"), "USD 110.000000000 \"v2\"");
  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose third, world_.CloseAndIssue("growth", "2025Q3"));
  EXPECT_EQ(Amount(third.total()), "USD 17.000000000");
  EXPECT_EQ(third.true_ups(), 1);
  std::vector<std::string> stated;
  for (const v1::Statement& statement : world_.Statements(world_.finance())) {
    for (const v1::StatementEntry& entry : statement.entries()) {
      stated.push_back(statement.period() + " " + entry.terms().etag() + " " + Amount(entry.amount()));
    }
  }
  EXPECT_THAT(stated,
              ::testing::UnorderedElementsAre("2025Q1 \"v2\" USD 100.000000000", "2025Q2 \"v4\" USD 300.000000000",
                                              "2025Q3 \"v5\" USD 7.000000000", "2025Q3 \"v2\" USD 10.000000000"));

  // Ended, it still has the terms of each period.
  v1::EndProgramRequest end;
  end.set_name("programs/growth");
  ASSERT_OK(world_.finance().Call<v1::Program>(std::string(kPrograms) + "EndProgram", end));
  EXPECT_EQ(ValueOf("2025Q2"), "USD 300.000000000 \"v4\"");
  EXPECT_EQ(ValueOf("2025Q3"), "USD 7.000000000 \"v5\"");
  EXPECT_THAT(Revise(terms, {"cap"}, "2026-01-01"), HasReason(Reason::kStateConflict));
}

TEST_F(RevisionTest, WhatAccruesStandsOnMayNotChange) {
  ASSERT_OK(world_.Create("growth", Terms("effective_to { year: 2027 month: 1 day: 1 }")));
  v1::Program terms;
  terms.mutable_cap()->set_value("7");
  EXPECT_THAT(Revise(terms, {"cap"}, "2025-04-01"), HasReason(Reason::kStateConflict)) << "a draft is updated";
  ASSERT_OK(world_.Activate("growth"));
  EXPECT_THAT(Revise(terms, {"cap"}, "2025-04-02"), Blames("starts_on"));
  EXPECT_THAT(Revise(terms, {"cap"}, "2024-10-01"), Blames("starts_on"));
  EXPECT_THAT(Revise(terms, {"cap"}, "2027-01-01"), Blames("starts_on"));
  ASSERT_OK(world_.Close("growth", "2025Q1"));
  EXPECT_THAT(Revise(terms, {"cap"}, "2025-01-01"), HasReason(Reason::kPeriodClosed));
  terms.set_currency("EUR");
  terms.set_period(v1::Program::YEAR);
  terms.set_basis(v1::Program::SELL_IN);
  terms.mutable_lines()->add_products("products/x");
  const absl::Status refused =
      Revise(terms, {"cap", "currency", "basis", "rate_type", "effective_to"}, "2025-04-01").status();
  EXPECT_THAT(refused, HasReason(Reason::kInUse));
  for (const char* field : {"program.currency", "program.basis", "program.effective_to"}) {
    EXPECT_THAT(refused, Blames(field)) << field;
  }
  terms.set_etag("\"v1\"");
  EXPECT_THAT(Revise(terms, {"cap"}, "2025-04-01"), HasReason(Reason::kEtagMismatch));
  terms.clear_etag();
  EXPECT_THAT(Revise(terms, {"state"}, "2025-04-01"), HasReason(Reason::kInvalidField));
  EXPECT_THAT(Revise(terms, {"cap"}, "2025-04-01", {.token = keys_.Token(api::v1::CHANNEL_MANAGER)}),
              HasReason(Reason::kPermissionDenied));
  // More that pays less may not be launched this way either.
  v1::Program drops;
  for (const auto& [from, rate] : {std::pair("0", "0.05"), std::pair("15000", "0.001")}) {
    v1::Program::Tier& tier = *drops.add_tiers();
    tier.mutable_from_amount()->set_value(from);
    tier.mutable_rate()->set_value(rate);
  }
  drops.set_shape(v1::Program::RETROACTIVE);
  EXPECT_THAT(Revise(drops, {"tiers", "shape"}, "2025-04-01"), HasReason(Reason::kLintFailed));
  ASSERT_OK(Revise(terms, {"cap"}, "2025-07-01"));
  EXPECT_THAT(Revise(terms, {"cap"}, "2025-04-01"), Blames("starts_on")) << "before the revision before";
}

// From a period on other products count, for other partners, and facts may come later; what lies before stays as it is.
TEST_F(RevisionTest, OtherLinesCountFromAPeriodOn) {
  const auto line = [](const std::string& partner, const std::string& document, const std::string& day,
                       const std::string& product, int64_t units) {
    inventory::v1::ShipmentLine one = LineOf(partner, document, 1, day, day, units);
    one.set_product("products/" + product);
    return one;
  };
  feed_.Tell({line("p1", "SO1", "2025-01-15", "a", 100), line("p1", "SO2", "2025-01-15", "b", 1000),
              line("p1", "SO3", "2025-04-15", "a", 200), line("p1", "SO4", "2025-04-15", "b", 2000),
              line("p2", "SO5", "2025-01-15", "a", 300), line("p2", "SO6", "2025-04-15", "b", 3000)});
  world_.CatchUp();
  world_.CreateActive("growth", Terms("lines { products: 'products/a' } eligibility { partners: 'partners/p1' } "
                                      "grace_days: 0"));
  const auto sums = [&] {
    std::string text;
    for (const v1::Accrual& accrual : world_.Accruals()) {
      text += accrual.name().substr(9) + " " + accrual.exact_qualifying_amount() + " ";
    }
    return text;
  };
  EXPECT_EQ(sums(), "p1/accruals/growth.2025Q1 100 p1/accruals/growth.2025Q2 200 ");

  v1::Program other;
  other.mutable_lines()->add_products("products/b");
  other.mutable_eligibility()->add_partners("partners/p2");
  other.set_grace_days(3000);
  ASSERT_OK_AND_ASSIGN(const v1::Program revised, Revise(other, {"lines", "eligibility", "grace_days"}, "2025-04-01"));
  EXPECT_EQ(revised.lines().products(0), "products/b");
  EXPECT_EQ(revised.terms_revisions_size(), 2);
  const std::string expected = "p1/accruals/growth.2025Q1 100 p2/accruals/growth.2025Q2 3000 ";
  EXPECT_EQ(sums(), expected);

  // Lines that come in afterwards count by the day on which they count.
  feed_.Tell({line("p1", "SO7", "2025-02-01", "a", 1), line("p1", "SO8", "2025-05-01", "a", 10),
              line("p2", "SO9", "2025-02-01", "b", 20), line("p2", "SO10", "2025-05-01", "b", 40)});
  world_.CatchUp();
  EXPECT_EQ(sums(), "p1/accruals/growth.2025Q1 101 p2/accruals/growth.2025Q2 3040 ");
  v1::ExplainAbsenceRequest why;
  why.set_name("partners/p1/shipments/SO8/lines/1");
  why.set_program("programs/growth");
  ASSERT_OK_AND_ASSIGN(const auto absence, world_.finance().Call<v1::ExplainAbsenceResponse>(
                                               std::string(kAccruals) + "ExplainAbsence", why));
  EXPECT_EQ(absence.absences(0).reason(), v1::Absence::PARTNER_NOT_ELIGIBLE);
  EXPECT_EQ(world_.Accruals("program = \"programs/growth\"").size(), 2u);

  // So do closes, and facts that come after them: the first quarter has no grace, the second has.
  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose first, world_.CloseAndIssue("growth", "2025Q1"));
  EXPECT_EQ(Amount(first.total()), "USD 1.010000000");
  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose second, world_.CloseAndIssue("growth", "2025Q2"));
  EXPECT_EQ(Amount(second.total()), "USD 30.400000000");
  feed_.Tell({line("p1", "SO11", "2025-02-02", "a", 5000), line("p2", "SO12", "2025-05-02", "b", 600)});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose third, world_.CloseAndIssue("growth", "2025Q3"));
  EXPECT_EQ(Amount(third.total()), "USD 6.000000000");
  const std::vector<v1::Statement> p1 = world_.Statements(world_.finance(), "partners/p1");
  ASSERT_EQ(p1.size(), 1u);
  EXPECT_EQ(p1[0].entries(0).terms().lines().products(0), "products/a");
  const std::vector<v1::Statement> p2 = world_.Statements(world_.finance(), "partners/p2");
  ASSERT_EQ(p2.size(), 2u);
  EXPECT_EQ(p2[0].entries(0).terms().lines().products(0), "products/b");

  // Both were and are told of it; who never was in it is not.
  for (const auto& [partner, told] : {std::pair("p1", true), std::pair("p2", true), std::pair("p3", false)}) {
    v1::GetProgramRequest get;
    get.set_name("programs/growth");
    const auto got = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, partner)
                         ->Call<v1::Program>(std::string(kPrograms) + "GetProgram", get);
    EXPECT_EQ(got.ok(), told) << partner;
  }
}

// Where more than the period's own lines rests on which lines count, they stay.
TEST_F(RevisionTest, OtherLinesAreRefusedWhereMoreRestsOnThem) {
  world_.CreateActive("growth", Terms("guarantee { amount { value: '5' } } eligibility { partners: 'partners/p1' }"));
  v1::Program other;
  other.mutable_lines()->add_products("products/b");
  EXPECT_THAT(Revise(other, {"lines"}, "2025-04-01"), HasReason(Reason::kInUse));
  other.set_grace_days(10);
  ASSERT_OK_AND_ASSIGN(const v1::Program late, Revise(other, {"grace_days"}, "2025-04-01"));
  EXPECT_EQ(late.grace_days(), 10);
  EXPECT_EQ(late.lines().products_size(), 0);
}

}  // namespace
}  // namespace tributary::incentive
