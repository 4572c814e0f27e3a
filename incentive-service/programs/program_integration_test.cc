// The life of programs, through a real server and database.

#include "common/time/today.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/testing_world.h"

namespace tributary::incentive {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

using ProgramServiceTest = WorldTest;

TEST_F(ProgramServiceTest, ProgramsMoveThroughTheirLife) {
  ASSERT_OK_AND_ASSIGN(const v1::Program draft, world_.Create("growth", Terms()));
  EXPECT_EQ(draft.name(), "programs/growth");
  EXPECT_EQ(draft.state(), v1::Program::DRAFT);
  EXPECT_EQ(draft.bound(), v1::Program::FROM);
  EXPECT_EQ(draft.rounding(), v1::Program::HALF_EVEN);
  EXPECT_FALSE(draft.has_effective_to());
  EXPECT_THAT(world_.Create("growth", Terms()), HasReason(Reason::kAlreadyExists));
  ASSERT_OK_AND_ASSIGN(const v1::Program unnamed, world_.Create("", Terms()));
  EXPECT_EQ(unnamed.name(), "programs/" + unnamed.uid());

  v1::UpdateProgramRequest update;
  update.mutable_program()->set_name(draft.name());
  update.mutable_program()->set_shape(v1::Program::RETROACTIVE);
  update.mutable_program()->set_etag(draft.etag());
  update.mutable_update_mask()->add_paths("shape");
  const std::string update_method = std::string(kPrograms) + "UpdateProgram";
  ASSERT_OK_AND_ASSIGN(const auto updated, world_.finance().Call<v1::Program>(update_method, update));
  EXPECT_EQ(updated.shape(), v1::Program::RETROACTIVE);
  EXPECT_EQ(updated.tiers_size(), 3);
  EXPECT_THAT(world_.finance().Call<v1::Program>(update_method, update), HasReason(Reason::kEtagMismatch));
  update.mutable_program()->clear_etag();
  update.mutable_update_mask()->add_paths("effective_to");
  *update.mutable_program()->mutable_effective_to() = DateOf("2025-12-31");
  EXPECT_THAT(world_.finance().Call<v1::Program>(update_method, update), Blames("program.effective_to"));

  EXPECT_THAT(world_.Close("growth", "2025Q1"), HasReason(Reason::kStateConflict));
  ASSERT_OK_AND_ASSIGN(const v1::Program active, world_.Activate("growth"));
  EXPECT_EQ(active.state(), v1::Program::ACTIVE);
  EXPECT_THAT(world_.Activate("growth"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(world_.finance().Call<v1::Program>(update_method, update).status().code(),
              ::testing::AnyOf(absl::StatusCode::kFailedPrecondition, absl::StatusCode::kInvalidArgument));

  const Period running = PeriodOf(PeriodKind::kQuarter, UtcToday(absl::Now()));
  EXPECT_THAT(world_.Close("growth", running.id), HasReason(Reason::kPeriodNotEnded));
  EXPECT_THAT(world_.Close("growth", "2024Q4"), Blames("name"));
  EXPECT_THAT(world_.Close("growth", "last"), Blames("name"));
  EXPECT_THAT(world_.Close("other", "2025Q1"), HasReason(Reason::kNotFound));

  // Ending keeps the running period and drops what is dated behind it.
  feed_.Tell({LineOf("p1", "SO1", 1, running.range.start.ToString(), running.range.start.ToString(), 10),
              LineOf("p1", "SO2", 1, running.range.end.ToString(), running.range.end.ToString(), 10)});
  world_.CatchUp();
  EXPECT_THAT(world_.Accruals(), SizeIs(2));
  v1::EndProgramRequest end;
  end.set_name("programs/growth");
  ASSERT_OK_AND_ASSIGN(const auto ended,
                       world_.finance().Call<v1::Program>(std::string(kPrograms) + "EndProgram", end));
  EXPECT_EQ(ended.state(), v1::Program::ENDED);
  EXPECT_EQ(ended.effective_to().SerializeAsString(), DateOf(running.range.end.ToString()).SerializeAsString());
  EXPECT_THAT(world_.Accruals(), SizeIs(1));
  feed_.Tell({LineOf("p1", "SO3", 1, running.range.start.ToString(), running.range.start.ToString(), 10),
              LineOf("p1", "SO4", 1, running.range.end.ToString(), running.range.end.ToString(), 10)});
  world_.CatchUp();
  ASSERT_THAT(world_.Accruals(), SizeIs(1));
  EXPECT_EQ(world_.Accruals()[0].lines(), 2);
  ASSERT_OK(world_.Close("growth", "2025Q1"));

  v1::ListProgramsRequest list;
  ASSERT_OK_AND_ASSIGN(auto page,
                       world_.finance().Call<v1::ListProgramsResponse>(std::string(kPrograms) + "ListPrograms", list));
  EXPECT_EQ(page.programs_size(), 1);
  list.set_show_deleted(true);
  ASSERT_OK_AND_ASSIGN(page,
                       world_.finance().Call<v1::ListProgramsResponse>(std::string(kPrograms) + "ListPrograms", list));
  EXPECT_EQ(page.programs_size(), 2);
}

TEST_F(ProgramServiceTest, BadTermsAreNamedAllAtOnce) {
  const absl::Status status = world_
                                  .Create("bad", Terms(R"pb(
                                            tiers {
                                              from_amount { value: "60000" }
                                              rate { value: "0.1" }
                                            }
                                            effective_from { day: 2 }
                                            effective_to { year: 2025 month: 1 day: 1 }
                                          )pb"))
                                  .status();
  EXPECT_THAT(status, Blames("program.tiers[3].from_amount"));
  EXPECT_THAT(status, Blames("program.effective_from"));
  EXPECT_THAT(status, Blames("program.effective_to"));
  EXPECT_THAT(status.message(), HasSubstr("2025-01-02"));
}

// What is for others, and what is not launched, is not there for a partner.
TEST_F(ProgramServiceTest, PartnersSeeWhatIsForThem) {
  ASSERT_OK(world_.Create("draft", Terms()));
  world_.CreateActive("all", Terms("eligibility { except_partners: \"partners/p9\" }"));
  world_.CreateActive("two", Terms("eligibility { partners: \"partners/p1\" partners: \"partners/p2\" }"));
  world_.CreateActive("other", Terms("eligibility { partners: \"partners/p2\" }"));
  const std::unique_ptr<rpc::Client> p1 = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p1");
  ASSERT_OK_AND_ASSIGN(const auto page, p1->Call<v1::ListProgramsResponse>(std::string(kPrograms) + "ListPrograms",
                                                                           v1::ListProgramsRequest()));
  ASSERT_EQ(page.programs_size(), 2);
  EXPECT_EQ(page.programs(0).name(), "programs/all");
  EXPECT_EQ(page.programs(0).eligibility().except_partners_size(), 0);
  ASSERT_EQ(page.programs(1).eligibility().partners_size(), 1);
  EXPECT_EQ(page.programs(1).eligibility().partners(0), "partners/p1");
  v1::ExplainAbsenceRequest why;
  why.set_name("partners/p1/shipments/none/lines/1");
  for (const char* name : {"programs/draft", "programs/other", "programs/none"}) {
    v1::GetProgramRequest get;
    get.set_name(name);
    EXPECT_THAT(p1->Call<v1::Program>(std::string(kPrograms) + "GetProgram", get), HasReason(Reason::kNotFound))
        << name;
    why.set_program(name);
    EXPECT_THAT(p1->Call<v1::ExplainAbsenceResponse>(std::string(kAccruals) + "ExplainAbsence", why),
                HasReason(Reason::kNotFound))
        << name;
  }
  why.clear_program();
  ASSERT_OK_AND_ASSIGN(const auto absences,
                       p1->Call<v1::ExplainAbsenceResponse>(std::string(kAccruals) + "ExplainAbsence", why));
  EXPECT_EQ(absences.absences_size(), 2);
}

// More that pays less may not be launched; a jump may, knowing it.
TEST_F(ProgramServiceTest, LintShowsItsNumbers) {
  v1::Program program = Terms("shape: RETROACTIVE");
  ASSERT_OK(world_.Create("jumps", program));
  v1::LintProgramRequest lint;
  lint.set_name("programs/jumps");
  const std::string method = std::string(kPrograms) + "LintProgram";
  ASSERT_OK_AND_ASSIGN(const auto jumps, world_.finance().Call<v1::LintProgramResponse>(method, lint));
  ASSERT_GE(jumps.findings_size(), 1);
  EXPECT_EQ(jumps.findings(0).rule(), "tier-cliff");
  EXPECT_EQ(jumps.findings(0).severity(), v1::LintFinding::WARNING);
  EXPECT_GT(jumps.findings(0).counter_example_size(), 1);
  lint.mutable_cliff_percent()->set_value("1000");
  ASSERT_OK_AND_ASSIGN(const auto tolerant, world_.finance().Call<v1::LintProgramResponse>(method, lint));
  EXPECT_EQ(tolerant.findings_size(), 0);
  EXPECT_OK(world_.Activate("jumps"));

  program.mutable_tiers(1)->mutable_rate()->set_value("0.001");
  ASSERT_OK(world_.Create("drops", program));
  EXPECT_THAT(world_.Activate("drops"), HasReason(Reason::kLintFailed));
}

TEST_F(ProgramServiceTest, EveryRevisionIsKeptAndTheyCanBeCompared) {
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
  EXPECT_THAT(differences, ::testing::ElementsAre(
                               "tiers[1].rate: 0.02 -> 0.025", "tiers[2].from_amount: 60000 -> ",
                               "tiers[2].rate: 0.035 -> ", "eligibility.partners: partners/p1 -> ",
                               "effective_to:  -> 2027-01-01", "grace_days:  -> 30",
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

}  // namespace
}  // namespace tributary::incentive
