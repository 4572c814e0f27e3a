// Agreements over the wire: the text that a template makes and both sides sign, the next term, notice, what is told
// when a day has come, and reading as of a day and a moment.

#include <atomic>
#include <thread>

#include "common/digest/sha256.h"
#include "partner-service/agreements/agreement_notices.h"
#include "partner-service/testing_partners.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

google::type::Date Day(const char* text) { return wire::ToProto(*Date::Parse(text)); }

class AgreementsTest : public PartnersTest {
 protected:
  void SetUp() override {
    Territories();
    ASSERT_OK(CreatePartner("p-1", NewPartner("江南精工")));
  }

  static v1::CreateAgreementRequest Request(std::string_view id, const char* from, const char* to) {
    v1::CreateAgreementRequest request;
    request.set_parent("partners/p-1");
    request.set_agreement_id(std::string(id));
    request.set_request_id(NewRequestId());
    v1::Agreement& agreement = *request.mutable_agreement();
    agreement.set_title("Cooperation");
    agreement.set_template_(v1::Agreement::COOPERATION_1);
    agreement.set_language(v1::Agreement::ENGLISH);
    agreement.set_both_sign(true);
    agreement.set_renewal_notice_days(60);
    *agreement.mutable_effective_from() = Day(from);
    if (to != nullptr) *agreement.mutable_effective_to() = Day(to);
    v1::Agreement::Terms& terms = *agreement.mutable_terms();
    terms.set_price_list("priceLists/cn");
    terms.add_regions("regions/aw-1");
    terms.set_exclusivity(v1::Agreement::Terms::EXCLUSIVE);
    terms.set_termination_notice_days(30);
    return request;
  }
  absl::StatusOr<v1::Agreement> Create(const v1::CreateAgreementRequest& request) {
    return Call<v1::Agreement>(kAgreements, "CreateAgreement", request);
  }
  // Proposed, and signed by both.
  void Conclude(const v1::Agreement& agreement) {
    ASSERT_OK((Do<v1::Agreement, v1::ProposeAgreementRequest>(kAgreements, "ProposeAgreement", agreement.name())));
    ASSERT_OK(Sign(*user_, agreement));
    ASSERT_OK(Sign(*manager_, agreement));
  }
  absl::StatusOr<v1::Agreement> Read(const std::string& name) {
    return Get<v1::Agreement, v1::GetAgreementRequest>(kAgreements, "GetAgreement", name);
  }
  std::vector<std::string> InForceOn(const char* day, std::optional<google::protobuf::Timestamp> known = {}) {
    v1::ListAgreementsRequest request;
    request.set_parent("partners/-");
    *request.mutable_as_of_date() = Day(day);
    if (known.has_value()) *request.mutable_known_time() = *known;
    const auto reply = Call<v1::ListAgreementsResponse>(kAgreements, "ListAgreements", request);
    EXPECT_OK(reply);
    std::vector<std::string> ids;
    for (const v1::Agreement& agreement : reply->agreements()) {
      ids.push_back(agreement.name().substr(agreement.name().rfind('/') + 1));
    }
    return ids;
  }
  v1::RenewAgreementRequest Renewal(std::string_view name, std::string_view id) {
    v1::RenewAgreementRequest request;
    request.set_name(std::string(name));
    request.set_agreement_id(std::string(id));
    request.set_request_id(NewRequestId());
    return request;
  }

  std::unique_ptr<rpc::Client> user_ = service_.UserOf("p-1");
};

TEST_F(AgreementsTest, BothSidesSignTheHashOfTheTextThatTheTemplateMade) {
  ASSERT_OK_AND_ASSIGN(v1::Agreement agreement, Create(Request("y2026", "2026-01-01", "2027-01-01")));
  EXPECT_EQ(agreement.party(), "江南精工");
  EXPECT_THAT(agreement.text(), HasSubstr("between the vendor and 江南精工 (partners/p-1). It is in force from "
                                          "2026-01-01 until before 2027-01-01."));
  EXPECT_THAT(agreement.text(), HasSubstr("every product line in regions/aw-1. Nobody else is granted this."));
  EXPECT_EQ(agreement.text_sha256(), Sha256Hex(agreement.text()));
  ASSERT_OK((Do<v1::Agreement, v1::ProposeAgreementRequest>(kAgreements, "ProposeAgreement", agreement.name())));
  v1::Agreement other = agreement;
  other.set_text_sha256(Sha256Hex(agreement.text() + " "));
  EXPECT_THAT(Sign(*user_, other), Blames("text_sha256"));
  ASSERT_OK_AND_ASSIGN(agreement, Sign(*user_, agreement));
  EXPECT_EQ(agreement.state(), v1::Agreement::PROPOSED);
  EXPECT_THAT(Sign(*user_, agreement), HasReason(Reason::kStateConflict));
  EXPECT_THAT(InForceOn("2026-06-01"), IsEmpty());
  ASSERT_OK_AND_ASSIGN(agreement, Sign(*manager_, agreement));
  EXPECT_EQ(agreement.state(), v1::Agreement::SIGNED);
  ASSERT_THAT(agreement.signatures(), SizeIs(2));
  EXPECT_EQ(agreement.signatures(0).side(), v1::Agreement::VENDOR);
  EXPECT_EQ(agreement.signatures(0).signer(), "manager-1");
  EXPECT_EQ(agreement.signatures(1).side(), v1::Agreement::PARTNER);
  EXPECT_EQ(agreement.signatures(1).signer(), "user-of-p-1");
  EXPECT_EQ(agreement.signatures(1).text_sha256(), Sha256Hex(agreement.text()));
  EXPECT_THAT(InForceOn("2026-06-01"), ElementsAre("y2026"));

  // The same terms give the same text, whoever the agreement is of.
  auto again = Request("again", "2026-01-01", "2027-01-01");
  EXPECT_EQ(Create(again)->text_sha256(), agreement.text_sha256());
  again = Request("chinese", "2026-01-01", "2027-01-01");
  again.mutable_agreement()->set_language(v1::Agreement::CHINESE);
  EXPECT_THAT(Create(again)->text(), HasSubstr("合作伙伴可在regions/aw-1销售全部产品线。供应商不再授予他人。"));
}

TEST_F(AgreementsTest, EveryBadFieldIsNamed) {
  auto request = Request("a", "2026-01-01", "2026-01-01");
  request.mutable_agreement()->set_text("beside a template");
  request.mutable_agreement()->mutable_terms()->set_price_list("cn");
  request.mutable_agreement()->mutable_terms()->clear_exclusivity();
  const auto refused = Create(request);
  for (const char* field :
       {"agreement.text", "agreement.terms.price_list", "agreement.terms.exclusivity", "agreement.effective_to"}) {
    EXPECT_THAT(refused, Blames(field));
  }
  request = Request("a", "2026-01-01", nullptr);
  request.mutable_agreement()->mutable_terms()->add_regions("regions/none");
  EXPECT_THAT(Create(request), Blames("agreement.terms.regions[1]"));
  EXPECT_THAT(Create(request), HasReason(Reason::kReferenceNotFound));
  request = Request("a", "2026-01-01", nullptr);
  request.mutable_agreement()->clear_terms();
  EXPECT_THAT(Create(request), Blames("agreement.terms"));
  request.mutable_agreement()->clear_template_();
  EXPECT_THAT(Create(request), Blames("agreement.text"));
  request = Request("a", "2026-01-01", nullptr);
  request.mutable_agreement()->mutable_terms()->set_termination_notice_days(-1);
  EXPECT_THAT(Create(request), Blames("agreement.terms.termination_notice_days"));
}

TEST_F(AgreementsTest, TheNextTermLeavesNoGapAndNoOverlap) {
  ASSERT_OK_AND_ASSIGN(const v1::Agreement first, Create(Request("first", "2026-01-01", nullptr)));
  auto renew = Renewal(first.name(), "second");
  const auto renewed = [&] { return Call<v1::Agreement>(kAgreements, "RenewAgreement", renew); };
  EXPECT_THAT(renewed(), HasReason(Reason::kStateConflict));
  Conclude(first);
  EXPECT_THAT(renewed(), Blames("effective_from"));
  *renew.mutable_effective_from() = Day("2026-07-01");
  *renew.mutable_effective_to() = Day("2027-07-01");
  renew.mutable_terms()->set_price_list("priceLists/cn-2");
  ASSERT_OK_AND_ASSIGN(const v1::Agreement second, renewed());
  EXPECT_EQ(renewed()->SerializeAsString(), second.SerializeAsString());  // the same request
  EXPECT_EQ(second.predecessor(), first.name());
  EXPECT_EQ(second.state(), v1::Agreement::DRAFT);
  EXPECT_THAT(second.text(), HasSubstr("Prices are those of priceLists/cn-2."));
  EXPECT_THAT(Call<v1::Agreement>(kAgreements, "RenewAgreement",
                                  [&] {
                                    auto other = Renewal(first.name(), "third");
                                    *other.mutable_effective_from() = Day("2026-08-01");
                                    return other;
                                  }()),
              HasReason(Reason::kValidityOverlap));
  EXPECT_THAT(InForceOn("2026-06-30"), ElementsAre("first"));
  EXPECT_THAT(InForceOn("2026-07-01"), ElementsAre("first"));  // the new term is not signed yet
  Conclude(second);
  EXPECT_THAT(InForceOn("2026-06-30"), ElementsAre("first"));
  EXPECT_THAT(InForceOn("2026-07-01"), ElementsAre("second"));
  EXPECT_THAT(InForceOn("2027-07-01"), IsEmpty());
  ASSERT_OK_AND_ASSIGN(const v1::Agreement ended, Read(first.name()));
  EXPECT_EQ(ended.successor(), second.name());
  EXPECT_EQ(ended.state(), v1::Agreement::SIGNED);
  EXPECT_EQ(Told().count("renewed partners/p-1/agreements/first"), 1u);
  // A term in the middle of the chain is not ended.
  EXPECT_THAT((Do<v1::Agreement, v1::TerminateAgreementRequest>(kAgreements, "TerminateAgreement", first.name())),
              HasReason(Reason::kStateConflict));
}

TEST_F(AgreementsTest, TheNextTermOfOneThatWasTerminatedIsNotSigned) {
  ASSERT_OK_AND_ASSIGN(const v1::Agreement first, Create(Request("first", "2026-01-01", "2099-01-01")));
  Conclude(first);
  ASSERT_OK_AND_ASSIGN(const v1::Agreement second,
                       Call<v1::Agreement>(kAgreements, "RenewAgreement", Renewal(first.name(), "second")));
  ASSERT_OK((Do<v1::Agreement, v1::ProposeAgreementRequest>(kAgreements, "ProposeAgreement", second.name())));
  ASSERT_OK((Do<v1::Agreement, v1::TerminateAgreementRequest>(kAgreements, "TerminateAgreement", first.name())));
  ASSERT_OK(Sign(*user_, second));  // binds nobody alone
  EXPECT_THAT(Sign(*manager_, second), HasReason(Reason::kStateConflict));
  EXPECT_EQ(Read(second.name())->state(), v1::Agreement::PROPOSED);
  EXPECT_THAT(Read(second.name())->signatures(), SizeIs(1));
}

TEST_F(AgreementsTest, ReadsAsOfADayAndAMoment) {
  ASSERT_OK_AND_ASSIGN(const v1::Agreement draft, Create(Request("a", "2026-01-01", "2030-01-01")));
  Conclude(draft);
  ASSERT_OK_AND_ASSIGN(const v1::Agreement concluded, Read(draft.name()));
  v1::TerminateAgreementRequest terminate;
  terminate.set_name(draft.name());
  terminate.set_request_id(NewRequestId());
  terminate.set_reason("Sold elsewhere.");
  terminate.set_breach(true);
  ASSERT_OK_AND_ASSIGN(const v1::Agreement terminated,
                       Call<v1::Agreement>(kAgreements, "TerminateAgreement", terminate));
  EXPECT_EQ(terminated.state(), v1::Agreement::TERMINATED);
  EXPECT_EQ(terminated.termination_reason(), "Sold elsewhere.");
  // Then it was to last until 2030; before it was signed it was in force on no day.
  EXPECT_THAT(InForceOn("2029-12-31", concluded.update_time()), ElementsAre("a"));
  EXPECT_THAT(InForceOn("2029-12-31"), IsEmpty());
  EXPECT_THAT(InForceOn("2026-01-01"), ElementsAre("a"));
  EXPECT_THAT(InForceOn("2026-01-01", draft.update_time()), IsEmpty());

  v1::GetAgreementRequest get;
  get.set_name(draft.name());
  const auto read = [&] { return Call<v1::Agreement>(kAgreements, "GetAgreement", get); };
  *get.mutable_known_time() = concluded.update_time();
  EXPECT_EQ(read()->SerializeAsString(), concluded.SerializeAsString());
  *get.mutable_as_of_date() = Day("2025-12-31");
  EXPECT_THAT(read(), HasReason(Reason::kNotFound));
  get.clear_as_of_date();
  *get.mutable_known_time() = wire::ToProto(wire::FromProto(draft.create_time()) - absl::Microseconds(1));
  EXPECT_THAT(read(), HasReason(Reason::kNotFound));
  *get.mutable_known_time() = wire::ToProto(absl::Now() + absl::Hours(1));
  EXPECT_THAT(read(), Blames("known_time"));

  // Revisions by name and as a list.
  ASSERT_OK_AND_ASSIGN(v1::Agreement revision, Read(draft.name() + "@1"));
  EXPECT_EQ(revision.name(), draft.name() + "@1");
  revision.set_name(draft.name());
  EXPECT_EQ(revision.SerializeAsString(), draft.SerializeAsString());
  EXPECT_THAT(Read(draft.name() + "@6"), HasReason(Reason::kNotFound));
  for (const char* bad : {"@", "@0", "@x", "@1@1"}) EXPECT_THAT(Read(draft.name() + bad), Blames("name"));
  get.set_name(draft.name() + "@1");
  *get.mutable_known_time() = concluded.update_time();
  EXPECT_THAT(read(), Blames("known_time"));
  v1::ListAgreementRevisionsRequest list;
  list.set_parent(draft.name());
  list.set_page_size(3);
  std::vector<v1::Agreement::State> states;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page,
                         Call<v1::ListAgreementRevisionsResponse>(kAgreements, "ListAgreementRevisions", list));
    for (const v1::Agreement& one : page.agreements()) states.push_back(one.state());
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  EXPECT_THAT(states, ElementsAre(v1::Agreement::DRAFT, v1::Agreement::PROPOSED, v1::Agreement::PROPOSED,
                                  v1::Agreement::SIGNED, v1::Agreement::TERMINATED));
  list.set_parent("partners/p-1/agreements/none");
  EXPECT_THAT(Call<v1::ListAgreementRevisionsResponse>(kAgreements, "ListAgreementRevisions", list),
              HasReason(Reason::kNotFound));
  // Another partner's user learns of none.
  const auto stranger = service_.UserOf("p-2");
  for (const std::string& name : {draft.name(), draft.name() + "@1", std::string("partners/p-1/agreements/none@1")}) {
    get.set_name(name);
    EXPECT_THAT(As<v1::Agreement>(*stranger, kAgreements, "GetAgreement", get), HasReason(Reason::kPermissionDenied));
  }
}

TEST_F(AgreementsTest, NoticeKeepsAnAgreementInForceUntilItsLastDay) {
  ASSERT_OK_AND_ASSIGN(const v1::Agreement agreement, Create(Request("a", "2020-01-01", nullptr)));
  Conclude(agreement);
  ASSERT_OK_AND_ASSIGN(const v1::Agreement terminated, (Do<v1::Agreement, v1::TerminateAgreementRequest>(
                                                           kAgreements, "TerminateAgreement", agreement.name())));
  const Date today = Date::FromDays(static_cast<int32_t>(absl::ToUnixSeconds(absl::Now()) / 86400));
  ASSERT_OK_AND_ASSIGN(const Date end, wire::FromProto(terminated.effective_to()));
  EXPECT_GE(end, today.AddDays(29));  // midnight may have come between
  EXPECT_LE(end, today.AddDays(30));
  EXPECT_OK((Do<v1::Partner, v1::ActivatePartnerRequest>(kPartners, "ActivatePartner", "partners/p-1")));
}

TEST_F(AgreementsTest, EachNoticeIsToldOnceByAnyNumberOfReplicas) {
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_OK_AND_ASSIGN(const v1::Agreement agreement, Create(Request(id, "2020-01-01", "2090-01-01")));
    Conclude(agreement);
  }
  ASSERT_OK(Create(Request("draft", "2020-01-01", "2090-01-01")));
  const auto at = [](const char* moment) {
    absl::Time time;
    EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, moment, &time, nullptr));
    return time;
  };
  const auto look = [&](absl::Time now) {
    const FakeClock clock(now);
    std::atomic<int> told = 0;
    std::vector<std::thread> replicas;
    for (int i = 0; i < 4; ++i) {
      replicas.emplace_back([&] {
        AgreementNotices notices(service_.database(), clock, [] {});
        const auto ended = notices.ExpireDue();
        EXPECT_OK(ended);
        told += ended.value_or(0);
      });
    }
    for (std::thread& replica : replicas) replica.join();
    return told.load();
  };
  const absl::Time before = at("2089-11-01T23:59:59Z"), due = at("2089-11-02T00:00:00Z"),
                   end = at("2090-01-01T00:00:00Z");
  EXPECT_EQ(look(before), 0);
  EXPECT_EQ(look(due), 3);
  EXPECT_EQ(look(due), 0);
  // Telling is no change of the agreement.
  EXPECT_EQ(Read("partners/p-1/agreements/a")->revision(), 4);
  EXPECT_EQ(look(end), 3);
  EXPECT_EQ(look(end), 0);
  const std::multiset<std::string> told = Told();
  for (const char* id : {"a", "b", "c"}) {
    EXPECT_EQ(told.count(StrCat("renewalDue partners/p-1/agreements/", id)), 1u);
    EXPECT_EQ(told.count(StrCat("ended partners/p-1/agreements/", id)), 1u);
  }
  EXPECT_EQ(told.count("ended partners/p-1/agreements/draft"), 0u);
}

}  // namespace
}  // namespace tributary::partner
