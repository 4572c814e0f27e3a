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

// What partners gain by how they cut their orders: of a scale looked at order by order, of orders that are counted, of
// goods that are given by order.
TEST_F(ProgramServiceTest, LintShowsWhatCuttingOrdersGains) {
  const auto lint = [&](const std::string& id, bool per_order) {
    v1::LintProgramRequest request;
    request.set_name("programs/" + id);
    request.set_per_order(per_order);
    request.mutable_cliff_percent()->set_value("100000");
    const auto reply = world_.finance().Call<v1::LintProgramResponse>(std::string(kPrograms) + "LintProgram", request);
    EXPECT_OK(reply);
    std::vector<std::string> texts;
    if (!reply.ok()) return texts;
    for (const v1::LintFinding& finding : reply->findings()) {
      std::string text = finding.rule() + (finding.severity() == v1::LintFinding::ERROR ? "!" : "");
      for (const auto& one : finding.counter_example()) text += " " + one.name() + "=" + one.value();
      texts.push_back(std::move(text));
    }
    return texts;
  };
  ASSERT_OK(world_.Create("scale", Terms("shape: RETROACTIVE cap { value: '3000' }")));
  EXPECT_EQ(lint("scale", false).size(), 0u);
  // Two orders at the cap are paid twice, as one once; two halves of 60,000 reach less than it does.
  const std::vector<std::string> by_order = lint("scale", true);
  ASSERT_EQ(by_order.size(), 2u);
  EXPECT_EQ(by_order[0].rfind("order-split! first_order=", 0), 0u) << by_order[0];
  EXPECT_EQ(by_order[1].rfind("order-merge first_order=", 0), 0u) << by_order[1];

  v1::Program counted = Terms("shape: PER_UNIT measure: COUNT count { of: ORDER }");
  counted.clear_tiers();
  counted.add_tiers()->mutable_from_amount()->set_value("0");
  counted.mutable_tiers(0)->mutable_amount()->set_value("5");
  ASSERT_OK(world_.Create("counted", counted));
  EXPECT_EQ(lint("counted", false),
            std::vector<std::string>{"order-split other_orders=0 one_order=2 one_value=5 first_order=1 second_order=1 "
                                     "two_value=10"});
  EXPECT_OK(world_.Activate("counted")) << "a warning";

  v1::Program goods = Terms(R"pb(
    shape: FLAT
    measure: FREE_GOODS
    free_goods {
      paid_units { value: "100" }
      free_units { value: "2" }
      scope: ORDER
      kind: EXCLUSIVE
    })pb");
  goods.clear_tiers();
  goods.add_tiers()->mutable_from_amount()->set_value("0");
  goods.mutable_tiers(0)->mutable_rate()->set_value("0");
  ASSERT_OK(world_.Create("goods", goods));
  EXPECT_EQ(lint("goods", false),
            std::vector<std::string>{"order-merge first_order=50 first_free=0 second_order=50 second_free=0 "
                                     "one_order=100 one_free=2"});
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

}  // namespace
}  // namespace tributary::incentive
