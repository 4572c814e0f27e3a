// Cases watched through the wire: by the staff, and by each party of what it sees itself.

#include <map>

#include "conflict-service/testing_wandering_goods.h"
#include "tributary/conflict/v1/partner_case.pb.h"

namespace tributary::conflict {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

// What a caller knows over any number of connections: cases by name, each with its state and number of messages.
template <typename Request, typename Response>
class Watcher {
 public:
  Watcher(TwoServices& both, std::string method, Request request, api::v1::Role role, std::string partner = "")
      : both_(both),
        method_(std::move(method)),
        request_(std::move(request)),
        role_(role),
        partner_(std::move(partner)) {
    Open();
  }
  ~Watcher() { Cut(); }

  void Open() { reader_ = both_.Open(method_, request_, role_, partner_); }
  void Cut() {
    if (reader_ == nullptr) return;
    reader_->Cancel();
    (void)reader_->Finish();
    reader_.reset();
  }
  // Takes one message; false at the end.
  bool Next() {
    Response message;
    if (!reader_->Read(&message)) return false;
    if (const size_t told = Learn(message); told > 0) ++told_;
    if (!message.resume_token().empty()) request_.set_resume_token(message.resume_token());
    return true;
  }
  bool Until(const std::function<bool(const std::map<std::string, std::string>&)>& holds) {
    while (request_.resume_token().empty() || !holds(known_)) {
      if (!Next()) return false;
    }
    return true;
  }
  bool UntilAll(const std::string& state) {
    return Until([&](const auto& known) {
      return !known.empty() &&
             std::all_of(known.begin(), known.end(), [&](const auto& one) { return one.second == state; });
    });
  }
  // Why there is nothing to read.
  absl::Status Refusal() {
    Response message;
    if (reader_->Read(&message)) return absl::OkStatus();
    const absl::Status end = reader_->Finish();
    reader_.reset();
    return end;
  }

  const std::map<std::string, std::string>& known() const { return known_; }
  const std::string& token() const { return request_.resume_token(); }
  const std::string& last() const { return last_; }
  int told() const { return told_; }  // messages with anything

 private:
  size_t Learn(const v1::WatchCasesResponse& message) {
    for (const v1::Case& one : message.cases()) known_[one.name()] = v1::Case::State_Name(one.state());
    for (const std::string& name : message.gone()) known_.erase(name);
    return message.cases_size() + message.gone_size();
  }
  size_t Learn(const v1::WatchPartnerCasesResponse& message) {
    for (const v1::PartnerCase& one : message.partner_cases()) {
      known_[one.name()] = StrCat(v1::Case::State_Name(one.case_state()), " ", one.messages_size());
      last_ = one.DebugString();
    }
    return message.partner_cases_size();
  }

  TwoServices& both_;
  const std::string method_;
  Request request_;
  const api::v1::Role role_;
  const std::string partner_;
  std::unique_ptr<rpc::StreamReader> reader_;
  std::map<std::string, std::string> known_;
  std::string last_;
  int told_ = 0;
};

class StaffWatcher : public Watcher<v1::WatchCasesRequest, v1::WatchCasesResponse> {
 public:
  StaffWatcher(TwoServices& both, const std::string& filter, const std::string& token = "",
               api::v1::Role role = api::v1::AUDITOR, const std::string& partner = "")
      : Watcher(both, "CaseService/WatchCases", Of(filter, token), role, partner) {}

 private:
  static v1::WatchCasesRequest Of(const std::string& filter, const std::string& token) {
    v1::WatchCasesRequest request;
    request.set_filter(filter);
    request.set_resume_token(token);
    return request;
  }
};

class PartyWatcher : public Watcher<v1::WatchPartnerCasesRequest, v1::WatchPartnerCasesResponse> {
 public:
  PartyWatcher(TwoServices& both, const std::string& partner, const std::string& parent, const std::string& token = "")
      : Watcher(both, "PartnerCaseService/WatchPartnerCases", Of(parent, token), api::v1::PARTNER_USER, partner) {}

 private:
  static v1::WatchPartnerCasesRequest Of(const std::string& parent, const std::string& token) {
    v1::WatchPartnerCasesRequest request;
    request.set_parent(parent);
    request.set_resume_token(token);
    return request;
  }
};

using CaseWatchTest = WanderingGoodsTest;

TEST_F(CaseWatchTest, TheStaffIsToldOfEachChangeAndOfWhatItNoLongerAsksFor) {
  const auto both = Begin();
  StaffWatcher all(*both, "kind = DIVERSION");
  StaffWatcher open(*both, "kind = DIVERSION AND state = OPEN");
  ASSERT_TRUE(all.Until([](const auto&) { return true; }));
  ASSERT_TRUE(open.Until([](const auto&) { return true; }));
  EXPECT_THAT(all.known(), IsEmpty());
  MakeACase(*both);
  ASSERT_TRUE(all.UntilAll("OPEN"));
  ASSERT_TRUE(open.UntilAll("OPEN"));

  ASSERT_OK(Move(*both, "Triage", v1::TriageCaseRequest()));
  ASSERT_TRUE(all.UntilAll("TRIAGED"));
  ASSERT_TRUE(open.Until([](const auto& known) { return known.empty(); }));

  // Who was cut off is told what changed meanwhile, once; who misses nothing, nothing.
  all.Cut();
  ASSERT_OK(Move(*both, "Mediate", v1::MediateCaseRequest()));
  ASSERT_OK(Write(*both, "", "A note."));
  const int told = all.told();
  all.Open();
  ASSERT_TRUE(all.UntilAll("IN_MEDIATION"));
  EXPECT_EQ(all.told(), told + 1);
  StaffWatcher resumed(*both, "kind = DIVERSION", all.token());
  ASSERT_TRUE(resumed.Next());
  EXPECT_THAT(resumed.known(), IsEmpty());
  // A watch that begins has all of it.
  StaffWatcher fresh(*both, "kind = DIVERSION");
  ASSERT_TRUE(fresh.UntilAll("IN_MEDIATION"));

  EXPECT_THAT(StaffWatcher(*both, "state = OPEN", all.token()).Refusal(), HasReason(Reason::kPageTokenInvalid));
  EXPECT_THAT(StaffWatcher(*both, "colour = RED").Refusal(), HasReason(Reason::kFilterInvalid));
  EXPECT_THAT(StaffWatcher(*both, "", "", api::v1::PARTNER_USER, "acme").Refusal(),
              HasReason(Reason::kPermissionDenied));
}

TEST_F(CaseWatchTest, APartyIsToldOfWhatItSeesAndDoesNotStirAtTheRest) {
  const auto both = BeginWithACase();
  PartyWatcher acme(*both, "acme", "partners/acme");
  PartyWatcher bolt(*both, "bolt", "partners/-");
  StaffWatcher staff(*both, "kind = DIVERSION");
  ASSERT_TRUE(acme.Until([](const auto&) { return true; }));
  ASSERT_TRUE(bolt.Until([](const auto&) { return true; }));
  EXPECT_THAT(acme.known(), IsEmpty()) << "nobody has triaged it";

  ASSERT_OK(Move(*both, "Triage", v1::TriageCaseRequest()));
  ASSERT_TRUE(acme.UntilAll("TRIAGED 0"));
  EXPECT_THAT(acme.known(), UnorderedElementsAre(Pair("partners/acme/cases/1", "TRIAGED 0")));
  for (const std::string& other : {std::string("cogs"), std::string("massBalances"), Cases(*both)[0].uid(),
                                   Cases(*both)[0].name().substr(6), Cases(*both)[0].evidence_sha256()}) {
    EXPECT_THAT(acme.last(), Not(HasSubstr(other)));
  }

  const int told = acme.told();
  ASSERT_OK(Write(*both, "", "Acme did it before."));
  ASSERT_OK(Write(*both, "partners/cogs", "From where are your 45 units?"));
  absl::SleepFor(absl::Milliseconds(500));
  acme.Cut();
  ASSERT_OK(Write(*both, "", "Cogs says nothing."));
  acme.Open();
  ASSERT_TRUE(acme.Next());
  EXPECT_EQ(acme.told(), told);
  ASSERT_OK(Write(*both, "partners/acme", "Where are your 40 units?"));
  ASSERT_TRUE(acme.UntilAll("TRIAGED 1"));
  EXPECT_EQ(acme.told(), told + 1) << "what others say moves nothing";

  // Cut off, it goes on where it was.
  acme.Cut();
  v1::AddPartnerCaseMessageRequest answer;
  answer.set_name("partners/acme/cases/1");
  answer.set_text("Stolen.");
  ASSERT_OK(
      both->Call<v1::PartnerCase>("PartnerCaseService/AddPartnerCaseMessage", answer, api::v1::PARTNER_USER, "acme"));
  v1::ResolveCaseRequest resolve;
  resolve.set_outcome(v1::Case::UNFOUNDED);
  resolve.set_resolution("Acme was robbed.");
  ASSERT_OK(Move(*both, "Resolve", resolve));
  acme.Open();
  ASSERT_TRUE(acme.UntilAll("RESOLVED 2"));
  ASSERT_TRUE(staff.UntilAll("RESOLVED"));

  // All that bolt was told meanwhile lies before a case of its own.
  Tell(*both, {Sell("bolt", "I9", "2026-06-16", 1, "cn-44")});
  std::vector<v1::Case> astray;
  ASSERT_TRUE(inventory::Eventually([&] {
    astray = Cases(*both, "kind = OUT_OF_TERRITORY AND state = OPEN");
    return astray.size() == 1;
  }));
  v1::TriageCaseRequest triage;
  triage.set_name(astray[0].name());
  ASSERT_OK(both->Call<v1::Case>("CaseService/TriageCase", triage));
  ASSERT_TRUE(bolt.UntilAll("TRIAGED 0"));
  EXPECT_THAT(bolt.known(), UnorderedElementsAre(Pair("partners/bolt/cases/1", "TRIAGED 0")));
  EXPECT_EQ(bolt.told(), 1) << "nothing of what acme and cogs are told";

  EXPECT_THAT(PartyWatcher(*both, "acme", "partners/cogs").Refusal(), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(PartyWatcher(*both, "cogs", "partners/cogs", acme.token()).Refusal(),
              HasReason(Reason::kPageTokenInvalid));
}

}  // namespace
}  // namespace tributary::conflict
