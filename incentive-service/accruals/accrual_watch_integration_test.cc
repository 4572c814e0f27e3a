// WatchAccruals: what a watcher knows in the end is what the accruals are, however often it was cut off.

#include <atomic>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "incentive-service/programs/period.h"
#include "incentive-service/testing_stacks.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/relationship.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr char kWatch[] = "tributary.incentive.v1.AccrualService/WatchAccruals";

v1::WatchAccrualsRequest Of(const std::string& parent, const std::string& token = "") {
  v1::WatchAccrualsRequest request;
  request.set_parent(parent);
  request.set_resume_token(token);
  return request;
}

// One caller's knowledge over any number of connections: accruals by name, each with its lines and value.
class Watcher {
 public:
  Watcher(rpc::Client& client, v1::WatchAccrualsRequest request, rpc::CallOptions options = {})
      : client_(client), request_(std::move(request)), options_(std::move(options)) {
    Open();
  }
  ~Watcher() { Cut(); }

  void Open() { reader_ = client_.OpenStream(kWatch, request_, options_); }
  void Cut() {
    if (reader_ == nullptr) return;
    reader_->Cancel();
    (void)reader_->Finish();
    reader_.reset();
  }
  // Takes one message; false at the end.
  bool Next() {
    v1::WatchAccrualsResponse message;
    if (!reader_->Read(&message)) return false;
    for (const v1::Accrual& accrual : message.accruals()) {
      known_[accrual.name()] = std::to_string(accrual.lines()) + " lines, " + Amount(accrual.evaluation().value()) +
                               (accrual.stated() ? ", stated" : "");
    }
    for (const std::string& name : message.gone()) known_.erase(name);
    if (!message.resume_token().empty()) request_.set_resume_token(message.resume_token());
    return true;
  }
  // Until what it knows is this; false where the watch ends before.
  bool Until(const std::function<bool(const std::map<std::string, std::string>&)>& holds) {
    while (!holds(known_)) {
      if (!Next()) return false;
    }
    return true;
  }
  bool UntilKnown(const std::string& name, const std::string& text) {
    return Until([&](const auto& known) {
      const auto found = known.find(name);
      return found != known.end() && found->second == text;
    });
  }
  // Until everything of the beginning was told.
  bool UntilToken() {
    while (request_.resume_token().empty()) {
      if (!Next()) return false;
    }
    return true;
  }
  absl::Status End() {
    while (Next()) continue;
    const absl::Status end = reader_->Finish();
    reader_.reset();
    return end;
  }

  const std::map<std::string, std::string>& known() const { return known_; }
  const v1::WatchAccrualsRequest& request() const { return request_; }

 private:
  rpc::Client& client_;
  v1::WatchAccrualsRequest request_;
  const rpc::CallOptions options_;
  std::unique_ptr<rpc::StreamReader> reader_;
  std::map<std::string, std::string> known_;
};

class AccrualWatchTest : public WorldTest {
 protected:
  // Watchers end before the process does.
  absl::Status Refusal(const v1::WatchAccrualsRequest& request, const rpc::CallOptions& options = {}) {
    const auto reader = world_.finance().OpenStream(kWatch, request, options);
    v1::WatchAccrualsResponse message;
    if (!reader->Read(&message)) return reader->Finish();
    reader->Cancel();
    (void)reader->Finish();
    return absl::OkStatus();
  }
  std::map<std::string, std::string> AsListed() {
    std::map<std::string, std::string> listed;
    for (const v1::Accrual& accrual : world_.Accruals()) {
      listed[accrual.name()] = std::to_string(accrual.lines()) + " lines, " + Amount(accrual.evaluation().value()) +
                               (accrual.stated() ? ", stated" : "");
    }
    return listed;
  }
  rpc::CallOptions As(const std::string& partner) { return {.token = keys_.Token(api::v1::PARTNER_USER, partner)}; }
};

TEST_F(AccrualWatchTest, TellsWhatIsThereAndWhatComesWithinASecond) {
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-01-15", "2025-06-01", 10000)});
  world_.CatchUp();
  world_.CreateActive("growth");
  Watcher watcher(world_.finance(), Of("partners/-"));
  ASSERT_TRUE(watcher.UntilToken());
  EXPECT_THAT(watcher.known(), ElementsAre(Pair("partners/p1/accruals/growth.2025Q1", "1 lines, USD 100.000000000")));

  const inventory::v1::ShipmentLine line = LineOf("p2", "SO2", 1, "2025-01-15", "2025-06-01", 30000);
  const absl::Time told = absl::Now();
  feed_.Tell({line});
  ASSERT_TRUE(watcher.UntilKnown("partners/p2/accruals/growth.2025Q1", "1 lines, USD 400.000000000"));
  EXPECT_LT(absl::Now() - told, absl::Seconds(1));

  // A line that is taken back leaves nothing; who resumes is told of it, and not of what did not change.
  watcher.Cut();
  feed_.Tell({ReversalOf(line), LineOf("p3", "SO3", 1, "2025-04-15", "2025-06-01", 1000)});
  world_.CatchUp();
  watcher.Open();
  ASSERT_TRUE(watcher.UntilKnown("partners/p3/accruals/growth.2025Q2", "1 lines, USD 10.000000000"));
  ASSERT_TRUE(watcher.Until([](const auto& known) { return !known.contains("partners/p2/accruals/growth.2025Q1"); }));
  EXPECT_EQ(watcher.known(), AsListed());
  Watcher resumed(world_.finance(), watcher.request());
  ASSERT_TRUE(resumed.Next());
  EXPECT_THAT(resumed.known(), IsEmpty());
}

// Who earns by lines of others is told when these move, also by relationships.
TEST_F(AccrualWatchTest, TellsTheEarnerOfAGroup) {
  v1::Program terms = Terms();
  terms.set_group(v1::Program::ROLL_UP);
  world_.CreateActive("growth", terms);
  feed_.Tell({LineOf("m1", "SO1", 1, "2025-01-15", "2025-06-01", 10000)});
  world_.CatchUp();
  const auto head_client = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "head");
  Watcher watcher(*head_client, Of("partners/head"));
  ASSERT_TRUE(watcher.UntilToken());
  EXPECT_THAT(watcher.known(), IsEmpty());
  tributary::partner::v1::PartnerRelationship earns;
  earns.set_name("partners/m1/relationships/r");
  earns.set_kind(tributary::partner::v1::PartnerRelationship::EARNS_WITH);
  earns.set_other_partner("partners/head");
  *earns.mutable_valid_from() = DateOf("2025-01-01");
  feed_.TellFact(earns);
  ASSERT_TRUE(watcher.UntilKnown("partners/head/accruals/growth.2025Q1", "1 lines, USD 100.000000000"));
  feed_.Tell({LineOf("m1", "SO2", 1, "2025-02-15", "2025-06-01", 30000)});
  ASSERT_TRUE(watcher.UntilKnown("partners/head/accruals/growth.2025Q1", "2 lines, USD 600.000000000"));
  *earns.mutable_valid_to() = earns.valid_from();
  feed_.TellFact(earns);
  ASSERT_TRUE(watcher.Until([](const auto& known) { return known.empty(); }));
}

TEST_F(AccrualWatchTest, TellsWhatProgramsAndClosesMove) {
  const Period running =
      PeriodOf(PeriodKind::kQuarter, Date::FromDays(static_cast<int32_t>(absl::ToUnixSeconds(absl::Now()) / 86400)));
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-01-15", "2025-06-01", 10000),
              LineOf("p1", "SO2", 1, running.range.end.ToString(), running.range.end.ToString(), 10000)});
  world_.CatchUp();
  Watcher watcher(world_.finance(), Of("partners/p1"));
  ASSERT_TRUE(watcher.UntilToken());
  EXPECT_THAT(watcher.known(), IsEmpty());
  world_.CreateActive("growth");
  ASSERT_TRUE(watcher.Until([](const auto& known) { return known.size() == 2; }));
  ASSERT_OK(world_.Close("growth", "2025Q1"));
  ASSERT_TRUE(watcher.UntilKnown("partners/p1/accruals/growth.2025Q1", "1 lines, USD 100.000000000, stated"));
  // A late line moves what is stated.
  feed_.Tell({LineOf("p1", "SO3", 1, "2025-01-16", "2025-06-01", 5000)});
  ASSERT_TRUE(watcher.UntilKnown("partners/p1/accruals/growth.2025Q1", "2 lines, USD 150.000000000, stated"));
  v1::EndProgramRequest end;
  end.set_name("programs/growth");
  ASSERT_OK(world_.finance().Call<v1::Program>(std::string(kPrograms) + "EndProgram", end));
  ASSERT_TRUE(watcher.Until([](const auto& known) { return known.size() == 1; }));
  EXPECT_EQ(watcher.known(), AsListed());
}

// What a partner is moves accruals without a line.
TEST_F(AccrualWatchTest, TellsWhatBecomesOfAPartner) {
  world_.CreateActive("region", Terms("eligibility { regions: 'regions/CN-51' }"));
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-01-15", "2025-06-01", 10000)});
  world_.CatchUp();
  Watcher watcher(world_.finance(), Of("partners/-"));
  ASSERT_TRUE(watcher.UntilToken());
  EXPECT_THAT(watcher.known(), IsEmpty());
  const auto at_home_in = [&](const std::string& region, const char* since) {
    tributary::partner::v1::Partner partner;
    partner.set_name("partners/p1");
    partner.set_home_region("regions/" + region);
    *partner.mutable_update_time() =
        wire::ToProto(absl::UnixEpoch() + absl::Hours(24) * Date::Parse(since)->days() + absl::Hours(12));
    feed_.TellFact(partner);
  };
  at_home_in("CN-51", "2025-03-01");
  ASSERT_TRUE(watcher.UntilKnown("partners/p1/accruals/region.2025Q1", "1 lines, USD 100.000000000"));
  at_home_in("CN-31", "2024-12-31");
  ASSERT_TRUE(watcher.Until([](const auto& known) { return known.empty(); }));
  EXPECT_EQ(watcher.known(), AsListed());
}

TEST_F(AccrualWatchTest, HoweverOftenItIsCutItEndsAtWhatTheAccrualsAre) {
  world_.CreateActive("growth");
  world_.CreateActive("flat", Terms("shape: RETROACTIVE period: MONTH"));
  std::atomic<bool> loaded{false};
  std::thread load([&] {
    std::mt19937 random(5);
    std::vector<inventory::v1::ShipmentLine> all;
    for (int i = 0; i < 60; ++i) {
      std::vector<inventory::v1::ShipmentLine> lines;
      for (int k = 0; k < 20; ++k) {
        const std::string month = std::to_string(1 + static_cast<int>(random() % 6));
        lines.push_back(LineOf("p" + std::to_string(random() % 5), "SO" + std::to_string(i), k + 1,
                               "2025-0" + month + "-10", "2025-06-20", 1 + static_cast<int64_t>(random() % 9000)));
        if (!all.empty() && random() % 10 == 0) {
          const size_t taken = random() % all.size();
          lines.push_back(ReversalOf(all[taken]));
          all.erase(all.begin() + static_cast<ptrdiff_t>(taken));
        }
      }
      for (const auto& line : lines) {
        if (line.reverses().empty()) all.push_back(line);
      }
      feed_.Tell(lines);
      absl::SleepFor(absl::Milliseconds(10));
    }
    world_.CatchUp();
    loaded = true;
  });
  Watcher watcher(world_.finance(), Of("partners/-"));
  std::mt19937 random(7);
  int cuts = 0;
  while (!loaded || cuts < 10) {
    const int messages = std::uniform_int_distribution<int>(0, 3)(random);
    for (int i = 0; i < messages; ++i) ASSERT_TRUE(watcher.Next());
    watcher.Cut();
    watcher.Open();
    ++cuts;
  }
  load.join();
  const std::map<std::string, std::string> listed = AsListed();
  EXPECT_GT(listed.size(), 30u);
  EXPECT_TRUE(watcher.Until([&](const auto& known) { return known == listed; }));
}

// What a period is measured against is open until it is closed.
TEST_F(AccrualWatchTest, TellsGrowthAnewWhenItsReferenceMoves) {
  world_.CreateActive("growing", Parse<v1::Program>(R"pb(
                        display_name: "Growth"
                        basis: ORDER
                        shape: RETROACTIVE
                        measure: GROWTH
                        tiers {
                          from_amount { value: "0" }
                          rate { value: "0" }
                        }
                        tiers {
                          from_amount { value: "1.1" }
                          rate { value: "0.01" }
                        }
                        growth { reference: PREVIOUS_PERIOD }
                        period: QUARTER
                        currency: "USD"
                        effective_from { year: 2025 month: 1 day: 1 }
                      )pb"));
  feed_.Tell({LineOf("p1", "SO1", 1, "2025-01-15", "2025-01-16", 100),
              LineOf("p1", "SO2", 1, "2025-04-15", "2025-04-16", 200)});
  world_.CatchUp();
  Watcher watcher(world_.finance(), Of("partners/p1"));
  ASSERT_TRUE(watcher.UntilToken());
  const auto before = watcher.known();
  EXPECT_EQ(before, AsListed());
  feed_.Tell({LineOf("p1", "SO3", 1, "2025-02-15", "2025-02-16", 300)});
  world_.CatchUp();
  // The partner's events come in their order: when this one has, those before have too.
  feed_.Tell({LineOf("p1", "SO4", 1, "2025-10-15", "2025-10-16", 5)});
  ASSERT_TRUE(watcher.Until([](const auto& known) { return known.contains("partners/p1/accruals/growing.2025Q4"); }));
  EXPECT_EQ(watcher.known(), AsListed());
  const std::string second = "partners/p1/accruals/growing.2025Q2";
  EXPECT_NE(watcher.known().at(second), before.at(second));
}

// b is net of a: lines that count in a alone move what b is worth, and so does the plan itself.
TEST_F(AccrualWatchTest, TellsTheFellowsInAStackingPlan) {
  world_.CreateActive("a", ProgramOf(R"pb(
                        shape: RETROACTIVE
                        tiers {
                          from_amount { value: "0" }
                          rate { value: "0.05" }
                        }
                        tiers {
                          from_amount { value: "1000" }
                          rate { value: "0.1" }
                        }
                      )pb"));
  world_.CreateActive("b", Flat("0.1", "lines { products: 'products/x' }"));
  world_.CreateActive("z", Flat("0.1", "lines { products: 'products/z' }"));
  feed_.Tell({Line("SO1", "2024-05-01", "1", 600, "products/x")});
  world_.CatchUp();
  Watcher watcher(world_.finance(), Of("partners/-"));
  ASSERT_TRUE(watcher.UntilToken());
  const std::string b = "partners/p2/accruals/b.2024Q2";
  const std::string alone = watcher.known().at(b);

  Stacks(world_).CreateActive("s", PlanOf("net_of { program: 'programs/b' upstream: 'programs/a' }"));
  ASSERT_TRUE(watcher.Until([&](const auto& known) { return known.at(b) != alone; }));
  EXPECT_EQ(watcher.known(), AsListed());
  const std::string net = watcher.known().at(b);

  feed_.Tell({Line("SO2", "2024-05-02", "1", 400, "products/y")});
  world_.CatchUp();
  feed_.Tell({Line("SO3", "2024-05-03", "1", 1, "products/z")});  // the same partner's, after that
  ASSERT_TRUE(watcher.Until([](const auto& known) { return known.contains("partners/p2/accruals/z.2024Q2"); }));
  EXPECT_EQ(watcher.known(), AsListed());
  EXPECT_NE(watcher.known().at(b), net);
}

TEST_F(AccrualWatchTest, APartnerSeesItsOwnAlone) {
  world_.CreateActive("growth");
  Watcher all(world_.finance(), Of("partners/-"), As("p1"));
  Watcher own(world_.finance(), Of("partners/p1"), As("p1"));
  ASSERT_TRUE(all.UntilToken());
  ASSERT_TRUE(own.UntilToken());
  feed_.Tell({LineOf("p2", "SO1", 1, "2025-01-15", "2025-06-01", 10000)});
  world_.CatchUp();
  feed_.Tell({LineOf("p1", "SO2", 1, "2025-01-15", "2025-06-01", 10000)});
  for (Watcher* watcher : {&all, &own}) {
    ASSERT_TRUE(watcher->UntilKnown("partners/p1/accruals/growth.2025Q1", "1 lines, USD 100.000000000"));
    EXPECT_EQ(watcher->known().size(), 1u);
  }
  for (const char* parent : {"partners/p2", "partners/nobody"}) {
    EXPECT_THAT(Refusal(Of(parent), As("p1")), HasReason(Reason::kPermissionDenied));
  }
  EXPECT_THAT(Refusal(Of("p1")), Blames("parent"));
}

TEST_F(AccrualWatchTest, ATokenHoldsForItsOwnWatchAlone) {
  Watcher watcher(world_.finance(), Of("partners/p1"));
  ASSERT_TRUE(watcher.UntilToken());
  const std::string token = watcher.request().resume_token();
  EXPECT_OK(Refusal(Of("partners/p1", token)));
  for (const auto& request : {Of("partners/-", token), Of("partners/p2", token), Of("partners/p1", "x"),
                              Of("partners/p1", token.substr(0, token.size() / 2))}) {
    const absl::Status status = Refusal(request);
    EXPECT_THAT(status, HasReason(Reason::kPageTokenInvalid));
    EXPECT_THAT(status, Blames("resume_token"));
  }
  EXPECT_THAT(Refusal(Of("partners/p1", token), As("p1")), HasReason(Reason::kPageTokenInvalid)) << "another caller's";
}

}  // namespace
}  // namespace tributary::incentive
