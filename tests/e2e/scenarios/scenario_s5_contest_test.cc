// Scenario 5: one customer, two registrations. The contest on its days: what each partner is told, what the evidence
// decides, and what neither can find out.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "common/text/text.h"
#include "gmock/gmock.h"
#include "tests/e2e/scenarios/conflict_host.h"
#include "tests/e2e/scenarios/masked_answer.h"
#include "tests/e2e/scenarios/two_registrations.h"
#include "tests/support/printed_commands.h"

namespace tributary::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class ContestOfS5 : public TwoRegistrations {
 protected:
  ContestOfS5() : TwoRegistrations("s5-contest", /*acts_between_kills=*/1) {}
  void SetUp() override {
    TwoRegistrations::SetUp();
    host_ = std::make_unique<ConflictHost>(suite_, Day("07-01"));
  }
  void TearDown() override {
    host_.reset();
    suite_.Up();
    // No other registration is contested.
    if (!policy_.empty()) admin_.Do(StrCat("/v1/", policy_, ":retire"));
    TwoRegistrations::TearDown();
  }

  // Meetings count 5 each, up to so many; a proof of concept 30, a design 40. Its name.
  std::string NewPolicy(std::string_view word, int meetings) {
    json policy = json::object();
    policy["contestDays"] = 5;
    policy["weights"] = json::array();
    for (const auto& [kind, points] :
         {std::pair("MEETING", 5), std::pair("PROOF_OF_CONCEPT", 30), std::pair("DESIGN", 40)}) {
      json weight = json::object();
      weight["kind"] = kind;
      weight["points"] = points;
      if (std::string_view(kind) == "MEETING") weight["maxCount"] = meetings;
      policy["weights"].push_back(weight);
    }
    return TextAt(Do(manager_, StrCat("/v1/adjudicationPolicies?adjudicationPolicyId=", Id(word)), policy), "/name");
  }
  void Say(const std::string& partner, const std::string& deal, const std::string& id, const char* kind,
           const char* day, bool verify) {
    json evidence = json::object();
    evidence["kind"] = kind;
    evidence["evidenceDate"] = OnDay(day);
    const json said = Do(UserOf(partner), StrCat("/v1/", deal, "/evidence?evidenceId=", id), evidence);
    if (verify) Do(manager_, StrCat("/v1/", TextAt(said, "/name"), ":verify"));
  }
  // The answers to what docs/howto/register-deals.md prints for the day on which the contest may be awarded: in its
  // first such block the award, in its second one the appeal of the first partner.
  std::vector<json> RunHowTo(size_t block) {
    std::map<std::string, std::string> environment = EnvironmentOfPrinted(suite_);
    // Tokens that hold on that day, and in the gateway, which goes by ours.
    const absl::Time before = NoonOf(Day("06-30")) - absl::Hours(12);
    environment["TOKEN"] = suite_.Token("CHANNEL_MANAGER", "", "head-of-channels", absl::Hours(24 * 60), before);
    const std::string id = p1_.substr(p1_.find('/') + 1);
    environment["PARTNER_TOKEN"] =
        suite_.Token("PARTNER_USER", id, StrCat("clerk-of-", id), absl::Hours(24 * 60), before);
    const std::vector<PrintedBlock> blocks = PrintedBlocks(SourceFolder() + "/docs/howto/register-deals.md", "bash");
    EXPECT_EQ(blocks.size(), 2u);
    std::vector<json> answers;
    for (const std::string& line : blocks.at(block).lines) {
      const Outcome outcome = RunPrinted(suite_, line, &environment);
      EXPECT_EQ(outcome.code, 0) << line << ": " << outcome.ToString();
      answers.push_back(json::parse(outcome.out, nullptr, /*allow_exceptions=*/false));
    }
    return answers;
  }
  json DealAsIs(const std::string& partner, const std::string& deal) {
    return UserOf(partner).Get(StrCat("/v1/", deal));
  }

  // Whoever asks about what is the other's learns what it learns of what is not there.
  void ExpectPrivacy(const std::string& contest) {
    const GatewayUser user = UserOf(p1_);
    json said = json::object();
    said["kind"] = "MEETING";
    said["evidenceDate"] = OnDay("06-10");
    json note = json::object();
    note["note"] = "no";
    json renewal = json::object();
    renewal["effectiveTo"] = On("2099-01-01");
    const std::string own = StrCat(p1_, "/deals/");
    const std::vector<std::pair<std::string, std::string>> deals = {
        {StrCat(p2_, "/deals/second"), StrCat(p2_, "/deals/absent")},
        {StrCat(own, "second"), StrCat(own, "absent")},
        {"partners/-/deals/second", "partners/-/deals/absent"}};
    for (const auto& [there, absent] : deals) {
      const std::vector<std::tuple<const char*, const char*, json>> questions = {{"GET", "", nullptr},
                                                                                 {"GET", "/evidence", nullptr},
                                                                                 {"GET", "/evidence/proof", nullptr},
                                                                                 {"POST", "/evidence", said},
                                                                                 {"POST", ":submit", json::object()},
                                                                                 {"POST", ":withdraw", json::object()},
                                                                                 {"POST", ":approve", json::object()},
                                                                                 {"POST", ":reject", note},
                                                                                 {"POST", ":accept", json::object()},
                                                                                 {"POST", ":renew", renewal},
                                                                                 {"POST", ":win", json::object()},
                                                                                 {"POST", ":lose", json::object()},
                                                                                 {"POST", ":appeal", note}};
      for (const auto& [method, more, body] : questions) {
        const std::string told = MaskedAnswer(user, method, there, more, body);
        EXPECT_EQ(told, MaskedAnswer(user, method, absent, more, body)) << method << " " << there << more;
        EXPECT_FALSE(told.starts_with("2")) << method << " " << there << more << ": " << told;
      }
    }
    const std::string nowhere = StrCat("contests/", std::string(contest.size() - 9, 'a'));
    for (const auto& [method, more] :
         {std::pair("GET", ""), std::pair("GET", ":replay"), std::pair("POST", ":award")}) {
      const json body = std::string_view(method) == "POST" ? json::object() : json();
      EXPECT_EQ(MaskedAnswer(user, method, contest, more, body), MaskedAnswer(user, method, nowhere, more, body));
    }
    // Filters by what is the other's find nothing, as by what nobody has: 台泥 and 台西.
    const std::string list = "/v1/partners/-/deals?filter=customer_name%20%3D%20%22%E5%8F%B0%E";
    EXPECT_EQ(user.Get(list + "6%B3%A5%22").dump(), user.Get(list + "8%A5%BF%22").dump());
    // So do tokens of the other's pages, and those that nobody was given.
    const json page = UserOf(p2_).Get("/v1/partners/-/deals?pageSize=1");
    const std::string token = TextAt(page, "/nextPageToken");
    ASSERT_NE(token, "");
    const http::Response theirs = user.Send("GET", StrCat("/v1/partners/-/deals?pageSize=1&pageToken=", token));
    const http::Response made_up =
        user.Send("GET", StrCat("/v1/partners/-/deals?pageSize=1&pageToken=", std::string(token.size(), 'A')));
    EXPECT_EQ(theirs.status, 400) << theirs.body;
    EXPECT_THAT(theirs.body, HasSubstr("PAGE_TOKEN_INVALID"));
    EXPECT_EQ(theirs.status, made_up.status);
    EXPECT_THAT(made_up.body, HasSubstr("PAGE_TOKEN_INVALID"));
  }

  const GatewayUser manager_ = Staff("CHANNEL_MANAGER", "head-of-channels");
  std::string policy_;
  std::unique_ptr<ConflictHost> host_;
};

TEST_P(ContestOfS5, TheEvidenceDecides) {
  policy_ = NewPolicy("v1", 3);
  Do(manager_, StrCat("/v1/", policy_, ":activate"));
  const json first = Register(p1_, "first", First());
  const std::string first_name = TextAt(first, "/name");
  EXPECT_EQ(TextAt(first, "/state"), "SUBMITTED");
  EXPECT_FALSE(first.contains("conflict")) << first;
  EXPECT_EQ(manager_.Refusal(StrCat("/v1/", first_name, ":approve")), "CONTEST_OPEN");

  // Trying tells nothing, whatever is tried.
  host_->SetDay(Day("07-06"));
  int tried = 0;
  for (const char* customer : {kBriefName, kWholeName, "台湾水泥", "臺灣水泥", "Nobody Knows GmbH"}) {
    for (const char* region : {"regions/cn-50", "regions/cn-51", "regions/cn-53", "regions/cn-44"}) {
      json scope = Second(customer);
      scope["regions"] = json::array({region});
      const std::string draft = Draft(p2_, StrCat("try-", ++tried), scope);
      json body = json::object();
      body["validateOnly"] = true;
      const json answer = Do(UserOf(p2_), StrCat("/v1/", draft, ":submit"), body);
      EXPECT_EQ(TextAt(answer, "/state"), "SUBMITTED") << answer;
      EXPECT_FALSE(answer.contains("conflict")) << answer;
    }
  }
  EXPECT_EQ(tried, 20);
  EXPECT_FALSE(DealAsIs(p1_, first_name).contains("conflict"));

  // What is told is of the own scope alone: where, until the end of the month, and by when to contest.
  const json second = Register(p2_, "second", Second());
  const std::string second_name = TextAt(second, "/name");
  EXPECT_EQ(TextAt(second, "/state"), "UNDER_REVIEW");
  Date until = Day("10-05");
  while (until.AddDays(1).month() == until.month()) until = until.AddDays(1);
  json shared = json::object();
  shared["productLines"] = json::array({Line("pl-b")});
  shared["regions"] = json::array({"regions/cn-50"});
  shared["until"] = On(until.ToString());
  shared["contestEnd"] = OnDay("07-08");
  EXPECT_EQ(second.value("conflict", json()), shared);
  EXPECT_EQ(DealAsIs(p1_, first_name).value("conflict", json()), shared);
  for (const std::string& secret : {p1_, std::string("deals/first"), std::string("臺灣"), std::string("7654321"),
                                    Line("pl-a"), std::string("contests/"), TextAt(first, "/uid")}) {
    EXPECT_THAT(second.dump(), Not(HasSubstr(secret)));
  }

  for (int i = 1; i <= 4; ++i) Say(p1_, first_name, StrCat("meeting-", i), "MEETING", "06-10", true);
  Say(p2_, second_name, "meeting", "MEETING", "06-15", true);
  Say(p2_, second_name, "proof", "PROOF_OF_CONCEPT", "06-20", true);
  Say(p2_, second_name, "design", "DESIGN", "06-20", false);
  const std::vector<json> open = manager_.List("/v1/contests?filter=state%20%3D%20OPEN", "contests");
  ASSERT_EQ(open.size(), 1u);
  const std::string contest = TextAt(open[0], "/name");
  EXPECT_EQ(manager_.Refusal(StrCat("/v1/", contest, ":award")), "CONTEST_OPEN");

  host_->SetDay(Day("07-08"));
  const std::vector<json> printed = RunHowTo(0);
  ASSERT_EQ(printed.size(), 3u);
  const json& awarded = printed[0];
  EXPECT_EQ(TextAt(awarded, "/name"), contest);
  EXPECT_EQ(TextAt(awarded, "/members/0/deal"), second_name) << awarded;
  EXPECT_EQ(TextAt(awarded, "/members/0/score"), "35");
  EXPECT_EQ(TextAt(awarded, "/members/1/score"), "15");
  EXPECT_EQ(TextAt(DealAsIs(p2_, second_name), "/state"), "APPROVED");
  EXPECT_EQ(SharesOf(DealAsIs(p2_, second_name)), "360 + 0");
  const json rest = DealAsIs(p1_, first_name);
  EXPECT_EQ(TextAt(rest, "/state"), "PART_APPROVED");
  const json granted = rest.value("grantedBoxes", json::array());
  ASSERT_EQ(granted.size(), 2u) << rest;
  EXPECT_EQ(CellsOf(json::array({granted[0]})).size(), 180u);
  EXPECT_EQ(CellsOf(json::array({granted[1]})).size(), 90u);
  EXPECT_EQ(SharesOf(rest), "270 + 24");
  EXPECT_EQ(SharesOf(Do(UserOf(p1_), StrCat("/v1/", first_name, ":accept"))), "294 + 0");
  EXPECT_EQ(CellsOfAll({DealAsIs(p1_, first_name), DealAsIs(p2_, second_name)}), "654");

  // The same again from what was stored, and by other terms.
  const json& replayed = printed[1];
  EXPECT_TRUE(replayed.value("sameAward", false)) << replayed;
  EXPECT_EQ(TextAt(replayed, "/inputsSha256"), TextAt(awarded, "/inputsSha256"));
  EXPECT_EQ(TextAt(replayed, "/inputsSha256").size(), 64u);
  EXPECT_EQ(TextAt(printed[2], "/decisions/0/inputsSha256"), TextAt(awarded, "/inputsSha256"));
  const json otherwise = manager_.Get(StrCat("/v1/", contest, ":replay?policy=", NewPolicy("v2", 8)));
  EXPECT_FALSE(otherwise.value("sameAward", false)) << otherwise;
  EXPECT_TRUE(otherwise.value("sameWinner", false)) << otherwise;
  EXPECT_EQ(otherwise.value("differences", json()), json::array({StrCat(first_name, ": score 15 -> 20")}));

  ExpectPrivacy(contest);

  // A design that was brought with an appeal turns it: 55 against 35.
  const std::vector<json> appealed = RunHowTo(1);
  ASSERT_EQ(appealed.size(), 5u);
  EXPECT_EQ(TextAt(appealed[0], "/name"), first_name) << appealed[0];
  EXPECT_EQ(TextAt(appealed[0], "/state"), "UNDER_REVIEW");
  EXPECT_EQ(TextAt(appealed[2], "/state"), "VERIFIED") << appealed[2];
  EXPECT_EQ(TextAt(appealed[3], "/state"), "APPROVED") << appealed[3];
  EXPECT_EQ(SharesOf(appealed[3]), "360 + 0");
  EXPECT_EQ(TextAt(appealed[4], "/decisions/0/appeal"), first_name) << appealed[4];
  EXPECT_EQ(TextAt(appealed[4], "/decisions/0/members/0/deal"), first_name);
  EXPECT_EQ(TextAt(appealed[4], "/decisions/0/members/0/score"), "55");
  EXPECT_EQ(TextAt(appealed[4], "/decisions/1/inputsSha256"), TextAt(awarded, "/inputsSha256"));
  EXPECT_EQ(TextAt(DealAsIs(p2_, second_name), "/state"), "PART_APPROVED");
  EXPECT_EQ(SharesOf(DealAsIs(p2_, second_name)), "294 + 0");  // days that it had already are not waitlisted again

  // The process of our days has what was decided.
  host_.reset();
  suite_.Up();
  EXPECT_EQ(CellsOfAll({DealAsIs(p1_, first_name), DealAsIs(p2_, second_name)}), "654");
  EXPECT_EQ(TextAt(Do(UserOf(p1_), StrCat("/v1/", first_name, ":win")), "/state"), "WON");
}

INSTANTIATE_TEST_SUITE_P(Once, ContestOfS5, ::testing::Values(Telling::kInOrder), NameOfRun);

}  // namespace
}  // namespace tributary::testing
