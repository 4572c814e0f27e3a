// Programs that choose partners by what they are, through the wire: tiers from the next period on, channels and regions
// on a line's own day, as the close of a period knew them, in whatever order it was told, and to nobody whom they are
// not for.

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "incentive-service/testing_stacks.h"
#include "incentive-service/testing_statements.h"
#include "incentive-service/testing_world.h"
#include "tributary/incentive/v1/simulation.pb.h"
#include "tributary/partner/v1/channel.pb.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/region.pb.h"
#include "tributary/partner/v1/tier_assignment.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ToldChannel = tributary::partner::v1::Channel;

google::protobuf::Timestamp NoonOf(std::string_view day) {
  return wire::ToProto(absl::UnixEpoch() + absl::Hours(24) * Date::Parse(day)->days() + absl::Hours(12));
}

events::EventDraft PartnerAt(const std::string& id, std::string_view day, const std::string& region,
                             const std::string& channel = "") {
  tributary::partner::v1::Partner partner;
  partner.set_name("partners/" + id);
  *partner.mutable_update_time() = NoonOf(day);
  if (!region.empty()) partner.set_home_region("regions/" + region);
  if (!channel.empty()) partner.set_channel("channels/" + channel);
  return events::Draft(id, "updated", partner.name(), partner);
}
events::EventDraft RegionAt(const std::string& id, std::string_view day, const std::string& parent) {
  tributary::partner::v1::Region region;
  region.set_name("regions/" + id);
  *region.mutable_update_time() = NoonOf(day);
  region.set_state(tributary::partner::v1::Region::ACTIVE);
  if (!parent.empty()) region.set_parent_region("regions/" + parent);
  return events::Draft(region.name(), "created", region.name(), region);
}
events::EventDraft ChannelOf(const std::string& id, ToldChannel::Type type) {
  ToldChannel channel;
  channel.set_name("channels/" + id);
  *channel.mutable_update_time() = NoonOf("2024-01-01");
  channel.set_type(type);
  return events::Draft(channel.name(), "created", channel.name(), channel);
}
events::EventDraft TierOf(const std::string& partner, const std::string& id, const std::string& level,
                          std::string_view from, std::string_view to = "") {
  tributary::partner::v1::TierAssignment tier;
  tier.set_name("partners/" + partner + "/tierAssignments/" + id);
  tier.set_program("partnerPrograms/stars");
  tier.set_level(level);
  *tier.mutable_valid_from() = DateOf(from);
  if (!to.empty()) *tier.mutable_valid_to() = DateOf(to);
  return events::Draft(partner, "promoted", tier.name(), tier);
}
// Silver since last year, gold since 10 February.
std::vector<events::EventDraft> Promotion(const std::string& partner) {
  return {TierOf(partner, "a1", "silver", "2024-11-01"), TierOf(partner, "a1", "silver", "2024-11-01", "2025-02-10"),
          TierOf(partner, "a2", "gold", "2025-02-10")};
}
// CN-5101 lies in CN-51, that and CN-31 in CN.
std::vector<events::EventDraft> China() {
  return {RegionAt("CN", "2024-01-01", ""), RegionAt("CN-51", "2024-01-01", "CN"),
          RegionAt("CN-31", "2024-01-01", "CN"), RegionAt("CN-5101", "2024-01-01", "CN-51")};
}

v1::Program ForGold() {
  return Terms(R"pb(
    eligibility { tiers { partner_program: "partnerPrograms/stars" level: "gold" } }
  )pb");
}

// "EARNED 2025Q2 40.00" each.
std::vector<std::string> Texts(const v1::Statement& statement) {
  std::vector<std::string> texts;
  for (const v1::StatementEntry& entry : statement.entries()) {
    texts.push_back(v1::StatementEntry::Kind_Name(entry.kind()) + " " + entry.period() + " " + Amount(entry.amount()));
  }
  return texts;
}

class EligibilityProgramsTest : public WorldTest {
 protected:
  void TellAll(const std::vector<events::EventDraft>& drafts) {
    feed_.TellEvents(drafts);
    world_.CatchUp();
  }
  // "got / want" of a shipment line in a program; empty where it counts.
  std::string Why(rpc::Client& client, const std::string& line, const std::string& program) {
    v1::ExplainAbsenceRequest request;
    request.set_name(line);
    request.set_program("programs/" + program);
    const auto explained = client.Call<v1::ExplainAbsenceResponse>(std::string(kAccruals) + "ExplainAbsence", request);
    if (!explained.ok()) return std::string(NameOf(ReasonOf(explained.status())));
    const v1::Absence& absence = explained->absences(0);
    if (absence.reason() == v1::Absence::REASON_UNSPECIFIED) return "";
    EXPECT_EQ(absence.reason(), v1::Absence::PARTNER_NOT_ELIGIBLE);
    return absence.got() + " / " + absence.want();
  }
  // "partners/p1/accruals/gold.2025Q2 1 lines 40.00" each.
  std::vector<std::string> AccrualLines() {
    std::vector<std::string> texts;
    for (const v1::Accrual& accrual : world_.Accruals()) {
      texts.push_back(accrual.name() + " " + std::to_string(accrual.lines()) + " lines " +
                      Amount(accrual.evaluation().value()));
    }
    return texts;
  }
};

// A tier that changes within a quarter counts from the next one on: what earns the tier does not earn by it.
TEST_F(EligibilityProgramsTest, ATierCountsFromTheNextPeriodOnAndAsTheCloseKnewIt) {
  world_.CreateActive("gold", ForGold());
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 1000),
              LineOf("p1", "SO2", 1, "2025-03-01", "2025-03-02", 2000),
              LineOf("p1", "SO3", 1, "2025-05-01", "2025-05-02", 4000),
              LineOf("p2", "SO4", 1, "2025-05-01", "2025-05-02", 7000)});
  TellAll(Promotion("p1"));
  EXPECT_THAT(AccrualLines(), ElementsAre("partners/p1/accruals/gold.2025Q2 1 lines USD 40.000000000"));
  EXPECT_THAT(world_.GetAccrual("partners/p1/accruals/gold.2025Q1"), HasReason(Reason::kNotFound));
  EXPECT_THAT(world_.GetAccrual("partners/p2/accruals/gold.2025Q2"), HasReason(Reason::kNotFound));
  EXPECT_EQ(Why(world_.finance(), "partners/p1/shipments/SO2/lines/1", "gold"),
            "silver in partnerPrograms/stars on 2025-01-01 / one of eligibility.tiers: gold in partnerPrograms/stars");
  EXPECT_EQ(Why(world_.finance(), "partners/p1/shipments/SO3/lines/1", "gold"), "");
  EXPECT_EQ(Why(world_.finance(), "partners/p2/shipments/SO4/lines/1", "gold"),
            "no tier on 2025-04-01 / one of eligibility.tiers: gold in partnerPrograms/stars");

  ASSERT_OK(world_.CloseAndIssue("gold", "2025Q1"));
  EXPECT_THAT(world_.Statements(world_.finance()), IsEmpty());
  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose close, world_.CloseAndIssue("gold", "2025Q2"));
  EXPECT_GT(close.partner_watermark_size(), 0);
  // The promotion turns out never to have been. The second quarter's close did not know; a late line of it counts.
  TellAll({TierOf("p1", "a2", "gold", "2025-02-10", "2025-02-10")});
  feed_.Tell({LineOf("p1", "SO5", 1, "2025-06-01", "2025-06-02", 1000),
              LineOf("p1", "SO6", 1, "2025-08-01", "2025-08-02", 500),
              LineOf("p1", "SO7", 1, "2025-03-01", "2025-03-02", 300)});
  world_.CatchUp();
  EXPECT_THAT(AccrualLines(), ElementsAre("partners/p1/accruals/gold.2025Q2 2 lines USD 50.000000000"));
  ASSERT_OK_AND_ASSIGN(const v1::Accrual trued, world_.GetAccrual("partners/p1/accruals/gold.2025Q2"));
  ASSERT_THAT(trued.true_ups(), SizeIs(1));
  EXPECT_EQ(Amount(trued.true_ups(0).amount()), "USD 10.000000000");
  ASSERT_OK(world_.CloseAndIssue("gold", "2025Q3"));
  const std::vector<v1::Statement> stated = world_.Statements(world_.finance());
  ASSERT_THAT(stated, SizeIs(2));
  EXPECT_THAT(Texts(stated[0]), ElementsAre("EARNED 2025Q2 USD 40.000000000"));
  EXPECT_THAT(Texts(stated[1]), ElementsAre("TRUE_UP 2025Q2 USD 10.000000000"));
  ExpectVerified(world_, "partners/p1");
}

// What is told late gives the same as what is told early, as long as the period is open.
TEST_F(EligibilityProgramsTest, InWhateverOrderLinesAndAttributesAreTold) {
  const std::vector<events::EventDraft> partner = {PartnerAt("p1", "2025-06-01", "CN-5101", "dealers"),
                                                   PartnerAt("p1", "2025-08-15", "CN-31", "dealers")};
  const std::vector<events::EventDraft> dealers = {ChannelOf("dealers", ToldChannel::INDIRECT)};
  const std::vector<inventory::v1::ShipmentLine> lines = {LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 1000),
                                                          LineOf("p1", "SO2", 1, "2025-05-01", "2025-05-02", 2000),
                                                          LineOf("p1", "SO3", 1, "2025-08-01", "2025-08-02", 4000),
                                                          LineOf("p1", "SO4", 1, "2025-08-15", "2025-08-16", 8000)};
  const auto program = [] {
    return Terms(R"pb(
      eligibility {
        channel_types: INDIRECT
        regions: "regions/CN-51"
        partner_programs: "partnerPrograms/stars"
        except_tiers { partner_program: "partnerPrograms/stars" level: "silver" }
      }
    )pb");
  };
  using Step = std::function<void(ShipmentFeed&, World&)>;
  const Step tell_lines = [&](ShipmentFeed& feed, World&) { feed.Tell(lines); };
  const Step tell_regions = [&](ShipmentFeed& feed, World&) { feed.TellEvents(China()); };
  const Step tell_dealers = [&](ShipmentFeed& feed, World&) { feed.TellEvents(dealers); };
  const Step tell_partner = [&](ShipmentFeed& feed, World&) { feed.TellEvents(partner); };
  const Step tell_tiers = [&](ShipmentFeed& feed, World&) { feed.TellEvents(Promotion("p1")); };
  const Step launch = [&](ShipmentFeed&, World& world) { world.CreateActive("chosen", program()); };
  std::vector<Step> steps = {tell_lines, tell_regions, tell_dealers, tell_partner, tell_tiers, launch};
  for (size_t order = 0; order < steps.size(); ++order) {
    const std::unique_ptr<mysql::Database> inventory = testing::FreshDatabase({&schema::events(), &schema::rpc()});
    ShipmentFeed feed(keys_, *inventory);
    World world(keys_, feed);
    for (const Step& step : steps) {
      step(feed, world);
      world.CatchUp();
    }
    std::vector<std::string> worth;
    for (const v1::Accrual& accrual : world.Accruals()) {
      worth.push_back(accrual.period() + " " + std::to_string(accrual.lines()) + " " +
                      Amount(accrual.evaluation().value()));
    }
    // Silver in the first quarter; on 15 August it is at home elsewhere.
    EXPECT_THAT(worth, ElementsAre("2025Q2 1 USD 20.000000000", "2025Q3 1 USD 40.000000000")) << order;
    for (const char* period : {"2025Q1", "2025Q2", "2025Q3"}) ASSERT_OK(world.CloseAndIssue("chosen", period));
    EXPECT_THAT(world.Statements(world.finance()), SizeIs(2)) << order;
    std::rotate(steps.begin(), steps.begin() + 1, steps.end());
  }
}

// A partner moves, and a region does.
TEST_F(EligibilityProgramsTest, RegionsOnTheLinesOwnDay) {
  world_.CreateActive("sichuan",
                      Terms("period: QUARTER payout_period: MONTH eligibility { regions: 'regions/CN-51' }"));
  std::vector<events::EventDraft> told = China();
  for (events::EventDraft& draft : std::vector<events::EventDraft>{
           RegionAt("CN-5101", "2025-03-01", "CN-31"), PartnerAt("p1", "2025-01-01", "CN-51"),
           PartnerAt("p1", "2025-02-15", "CN-31"), PartnerAt("p2", "2025-01-01", "CN-5101")}) {
    told.push_back(std::move(draft));
  }
  TellAll(told);
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-01-10", "2025-06-01", 1000),
              LineOf("p1", "SO2", 1, "2025-02-14", "2025-06-01", 2000),
              LineOf("p1", "SO3", 1, "2025-02-15", "2025-06-01", 4000),
              LineOf("p2", "SO4", 1, "2025-02-28", "2025-06-01", 8000),
              LineOf("p2", "SO5", 1, "2025-03-01", "2025-06-01", 5000)});
  world_.CatchUp();
  // Values are of the quarter so far, lines of the month.
  EXPECT_THAT(AccrualLines(), ElementsAre("partners/p1/accruals/sichuan.2025-01 1 lines USD 10.000000000",
                                          "partners/p1/accruals/sichuan.2025-02 1 lines USD 30.000000000",
                                          "partners/p2/accruals/sichuan.2025-02 1 lines USD 80.000000000"));
  EXPECT_EQ(Why(world_.finance(), "partners/p1/shipments/SO3/lines/1", "sichuan"),
            "region regions/CN-31 on 2025-02-15 / one of eligibility.regions: regions/CN-51");
  EXPECT_EQ(Why(world_.finance(), "partners/p2/shipments/SO5/lines/1", "sichuan"),
            "region regions/CN-5101 on 2025-03-01 / one of eligibility.regions: regions/CN-51");

  v1::ListAccrualLinesRequest list;
  list.set_parent("partners/p1/accruals/sichuan.2025-02");
  const std::string method = std::string(kAccruals) + "ListAccrualLines";
  ASSERT_OK_AND_ASSIGN(const auto judged, world_.finance().Call<v1::ListAccrualLinesResponse>(method, list));
  ASSERT_THAT(judged.accrual_lines(), SizeIs(3));
  EXPECT_EQ(judged.accrual_lines(2).reason(), v1::Absence::PARTNER_NOT_ELIGIBLE);
  EXPECT_EQ(Amount(judged.accrual_lines(1).share()), "USD 20.000000000");

  // What closes state is what was simulated: 30.00 and 80.00.
  v1::CreateSimulationRequest simulated;
  *simulated.mutable_simulation()->mutable_program() = Terms("eligibility { regions: 'regions/CN-51' }");
  simulated.mutable_simulation()->set_compare_with("programs/sichuan");
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(
                                                 std::string(kSimulations) + "CreateSimulation", simulated));
  const auto simulation = AnswerOf<v1::Simulation>(operation);
  EXPECT_EQ(Amount(simulation.total()), "USD 110.000000000");
  EXPECT_EQ(simulation.comparison().unchanged(), 2);
  for (const char* month : {"2025-01", "2025-02", "2025-03"}) ASSERT_OK(world_.CloseAndIssue("sichuan", month));
  const std::vector<v1::Statement> stated = world_.Statements(world_.finance());
  ASSERT_THAT(stated, SizeIs(3));
  EXPECT_THAT(Texts(stated[0]), ElementsAre("EARNED 2025Q1 USD 10.000000000"));
  EXPECT_THAT(Texts(stated[1]), ElementsAre("EARNED 2025Q1 USD 20.000000000"));
  EXPECT_THAT(Texts(stated[2]), ElementsAre("EARNED 2025Q1 USD 80.000000000"));
  for (const char* partner : {"partners/p1", "partners/p2"}) ExpectVerified(world_, partner);
}

TEST_F(EligibilityProgramsTest, WhoDoesNotFitIsNotToldOfTheProgram) {
  world_.CreateActive("direct", Terms("eligibility { channel_types: DIRECT channel_types: HYBRID }"));
  world_.CreateActive("gold", ForGold());
  std::vector<events::EventDraft> told = {
      ChannelOf("mixed", ToldChannel::HYBRID), ChannelOf("dealers", ToldChannel::INDIRECT),
      PartnerAt("p1", "2025-01-01", "", "mixed"), PartnerAt("p2", "2025-01-01", "", "dealers")};
  for (const events::EventDraft& draft : Promotion("p1")) told.push_back(draft);
  TellAll(told);
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 1000),
              LineOf("p2", "SO2", 1, "2025-02-01", "2025-02-02", 2000)});
  world_.CatchUp();
  EXPECT_THAT(AccrualLines(), ElementsAre("partners/p1/accruals/direct.2025Q1 1 lines USD 10.000000000"));
  const std::unique_ptr<rpc::Client> p1 = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p1");
  const std::unique_ptr<rpc::Client> p2 = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p2");
  const auto programs = [](rpc::Client& client) {
    std::vector<std::string> names;
    const auto page =
        client.Call<v1::ListProgramsResponse>(std::string(kPrograms) + "ListPrograms", v1::ListProgramsRequest());
    EXPECT_OK(page);
    for (const v1::Program& program : page->programs()) names.push_back(program.name());
    return names;
  };
  EXPECT_THAT(programs(*p1), ElementsAre("programs/direct", "programs/gold"));
  EXPECT_THAT(programs(*p2), IsEmpty());
  EXPECT_THAT(programs(world_.finance()), SizeIs(2));
  v1::GetProgramRequest get;
  get.set_name("programs/direct");
  EXPECT_THAT(p2->Call<v1::Program>(std::string(kPrograms) + "GetProgram", get), HasReason(Reason::kNotFound));
  v1::ListProgramRevisionsRequest revisions;
  revisions.set_parent("programs/direct");
  EXPECT_THAT(p2->Call<v1::ListProgramRevisionsResponse>(std::string(kPrograms) + "ListProgramRevisions", revisions),
              HasReason(Reason::kNotFound));
  // The program is for p1 from April on, who may ask why a line before that does not count.
  EXPECT_EQ(Why(*p1, "partners/p1/shipments/SO1/lines/1", "gold"),
            "silver in partnerPrograms/stars on 2025-01-01 / one of eligibility.tiers: gold in partnerPrograms/stars");
  EXPECT_EQ(Why(*p2, "partners/p2/shipments/SO2/lines/1", "gold"), std::string(NameOf(Reason::kNotFound)));
  v1::ExplainAbsenceRequest why;
  why.set_name("partners/p2/shipments/SO2/lines/1");
  ASSERT_OK_AND_ASSIGN(const auto absences,
                       p2->Call<v1::ExplainAbsenceResponse>(std::string(kAccruals) + "ExplainAbsence", why));
  EXPECT_THAT(absences.absences(), IsEmpty());
  v1::ListAccrualLinesRequest lines;
  lines.set_parent("partners/p2/accruals/direct.2025Q1");
  EXPECT_THAT(p2->Call<v1::ListAccrualLinesResponse>(std::string(kAccruals) + "ListAccrualLines", lines),
              HasReason(Reason::kNotFound));
}

TEST_F(EligibilityProgramsTest, WhatDoesNotGoWithItIsRefusedByField) {
  const std::string asks = "eligibility { partners: 'partners/p1' regions: 'regions/CN' } ";
  EXPECT_THAT(world_.Create("x", Terms(asks + "guarantee { amount { value: '100' } }")), Blames("program.eligibility"));
  EXPECT_THAT(world_.Create("x", Terms("eligibility { regions: 'partners/CN' }")),
              Blames("program.eligibility.regions[0]"));
  EXPECT_THAT(world_.Create("x", Terms("eligibility { partner_programs: 'stars' }")),
              Blames("program.eligibility.partner_programs[0]"));
  EXPECT_THAT(world_.Create("x", Terms("eligibility { tiers { partner_program: 'stars' level: 'gold' } }")),
              Blames("program.eligibility.tiers[0].partner_program"));
  EXPECT_THAT(world_.Create("x", Terms("eligibility { tiers { partner_program: 'partnerPrograms/stars' } }")),
              Blames("program.eligibility.tiers[0].level"));
  ASSERT_OK_AND_ASSIGN(const v1::Program made, world_.Create("x", Terms(asks)));
  EXPECT_EQ(made.eligibility().regions(0), "regions/CN");
  ASSERT_OK(world_.Activate("x"));
  v1::ReviseProgramRequest revise;
  *revise.mutable_program() = Terms();
  revise.mutable_program()->set_name("programs/x");
  revise.mutable_program()->mutable_eligibility()->add_regions("regions/CN-31");
  revise.mutable_update_mask()->add_paths("eligibility");
  *revise.mutable_starts_on() = DateOf("2025-04-01");
  EXPECT_THAT(world_.finance().Call<v1::Program>(std::string(kPrograms) + "ReviseProgram", revise),
              HasReason(Reason::kInUse));
}

// Within a stacking plan each member chooses by its own conditions: A pays 10 % of the first line alone, B 5 % of all
// net of A.
class StackedEligibilityTest : public StackTest {};

TEST_F(StackedEligibilityTest, MembersOfAStackChooseForThemselves) {
  std::vector<events::EventDraft> told = China();
  told.push_back(PartnerAt("p2", "2024-01-01", "CN-51"));
  told.push_back(PartnerAt("p2", "2024-06-01", "CN-31"));
  feed_.TellEvents(told);
  world_.CreateActive("a", Flat("0.1", "eligibility { regions: 'regions/CN-51' }"));
  world_.CreateActive("b", Flat("0.05"));
  stacks_.CreateActive("ab", PlanOf("net_of { program: 'programs/b' upstream: 'programs/a' }"));
  Tell({Line("L1", "2024-04-10", "1", 600), Line("L2", "2024-06-10", "1", 400)});
  EXPECT_EQ(Amount(Accrual("a").evaluation().value()), "CNY 60.000000000");
  EXPECT_EQ(Accrual("a").lines(), 1);
  EXPECT_EQ(Amount(Accrual("b").evaluation().value()), "CNY 47.000000000");
  ASSERT_OK_AND_ASSIGN(const auto closed, stacks_.Close("ab", "2024Q2"));
  EXPECT_GT(closed.period_closes(0).partner_watermark_size(), 0);
  ASSERT_OK(world_.Issue("2024Q2"));
  // What is told of it later does not move what is closed; a late line does.
  feed_.TellEvents({PartnerAt("p2", "2024-04-01", "CN")});
  Tell({Line("L3", "2024-05-10", "1", 100)});
  ASSERT_OK(stacks_.Close("ab", "2024Q3"));
  ASSERT_OK(world_.Issue("2024Q3"));
  const std::vector<v1::Statement> stated = world_.Statements(world_.finance());
  ASSERT_THAT(stated, SizeIs(2));
  EXPECT_EQ(Amounts(stated[0]), "a 60.00, b 47.00");
  // 10 more for A, and (1,100 - 70) x 5 % = 51.50 for B.
  EXPECT_EQ(Amounts(stated[1], v1::StatementEntry::TRUE_UP), "a 10.00, b 4.50");
  ExpectVerified();
}

}  // namespace
}  // namespace tributary::incentive
