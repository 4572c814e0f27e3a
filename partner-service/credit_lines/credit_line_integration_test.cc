// Credit lines over the wire: what may stand beside what, who may set them, what the feed tells.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "common/wire/wire.h"
#include "partner-service/testing_process.h"
#include "tributary/partner/v1/credit_line.pb.h"
#include "tributary/partner/v1/partner.pb.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr char kService[] = "tributary.partner.v1.CreditLineService/";

class CreditLinesTest : public ::testing::Test {
 protected:
  CreditLinesTest()
      : finance_(service_.ClientOf({.subject = "finance-1", .roles = {api::v1::FINANCE}})),
        manager_(service_.Manager()) {
    for (const char* id : {"p-1", "p-2"}) {
      v1::CreatePartnerRequest request;
      request.set_partner_id(id);
      request.set_request_id(NewRequestId());
      request.mutable_partner()->set_legal_name("Acme");
      request.mutable_partner()->set_kind(v1::Partner::DEALER);
      request.mutable_partner()->set_currency("CNY");
      EXPECT_OK(manager_->Call<v1::Partner>("tributary.partner.v1.PartnerService/CreatePartner", request));
    }
  }

  static v1::CreditLine Line(const char* limit, const char* from, const char* to = nullptr) {
    v1::CreditLine line;
    *line.mutable_limit() = wire::ToProto(Money{"CNY", *Decimal::Parse(limit)});
    line.set_payment_terms_days(30);
    *line.mutable_valid_from() = wire::ToProto(*Date::Parse(from));
    if (to != nullptr) *line.mutable_valid_to() = wire::ToProto(*Date::Parse(to));
    return line;
  }
  absl::StatusOr<v1::CreditLine> Create(rpc::Client& client, const std::string& id, const v1::CreditLine& line,
                                        const std::string& partner = "p-1") {
    v1::CreateCreditLineRequest request;
    request.set_parent("partners/" + partner);
    request.set_credit_line_id(id);
    *request.mutable_credit_line() = line;
    request.set_request_id(NewRequestId());
    return client.Call<v1::CreditLine>(StrCat(kService, "CreateCreditLine"), request);
  }
  absl::StatusOr<v1::CreditLine> Update(const v1::CreditLine& line, const std::vector<std::string>& paths) {
    v1::UpdateCreditLineRequest request;
    *request.mutable_credit_line() = line;
    for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
    request.set_request_id(NewRequestId());
    return finance_->Call<v1::CreditLine>(StrCat(kService, "UpdateCreditLine"), request);
  }
  absl::StatusOr<v1::CreditLine> Get(rpc::Client& client, const std::string& name) {
    v1::GetCreditLineRequest request;
    request.set_name(name);
    return client.Call<v1::CreditLine>(StrCat(kService, "GetCreditLine"), request);
  }

  RunningService service_;
  std::unique_ptr<rpc::Client> finance_;
  std::unique_ptr<rpc::Client> manager_;
};

TEST_F(CreditLinesTest, IsMadeReadChangedAndTold) {
  ASSERT_OK_AND_ASSIGN(v1::CreditLine line, Create(*finance_, "main", Line("100000", "2026-01-01")));
  EXPECT_EQ(line.name(), "partners/p-1/creditLines/main");
  EXPECT_EQ(line.limit().units(), 100000);
  EXPECT_FALSE(line.has_valid_to());
  line.mutable_limit()->set_units(120000);
  line.set_on_hold(true);
  line.set_payment_terms_days(60);
  ASSERT_OK_AND_ASSIGN(const v1::CreditLine changed, Update(line, {"limit", "on_hold"}));
  EXPECT_EQ(changed.limit().units(), 120000);
  EXPECT_TRUE(changed.on_hold());
  EXPECT_EQ(changed.payment_terms_days(), 30);  // not in the mask
  EXPECT_THAT(Update(line, {"limit"}), HasReason(Reason::kEtagMismatch));
  v1::CreditLine usd = changed;
  usd.mutable_limit()->set_currency_code("USD");
  EXPECT_THAT(Update(usd, {"limit"}), Blames("credit_line.limit.currency_code"));
  EXPECT_EQ(Get(*manager_, line.name())->SerializeAsString(), changed.SerializeAsString());

  ASSERT_OK(service_.feed().Refresh());
  const int shard = events::ShardOf("p-1");
  std::vector<events::Event> told;
  std::vector<events::Cursor> read_to;
  ASSERT_OK(service_.feed().Read(std::vector<events::ShardRange>{{shard, 0, service_.feed().Heads()[shard]}}, 100,
                                 &told, &read_to, {{v1::CreditLine::descriptor()->full_name()}}));
  std::vector<std::string> verbs;
  for (const events::Event& event : told) verbs.push_back(event.verb + " " + event.name);
  EXPECT_THAT(verbs, ElementsAre("created partners/p-1/creditLines/main", "updated partners/p-1/creditLines/main"));
}

TEST_F(CreditLinesTest, OneOfACurrencyIsInForceOnADay) {
  ASSERT_OK(Create(*finance_, "h1", Line("100000", "2026-01-01", "2026-07-01")));
  EXPECT_THAT(Create(*finance_, "h2", Line("100000", "2026-06-30")), HasReason(Reason::kStateConflict));
  ASSERT_OK_AND_ASSIGN(v1::CreditLine h2, Create(*finance_, "h2", Line("100000", "2026-07-01")));
  *h2.mutable_valid_from() = wire::ToProto(*Date::Parse("2026-06-30"));
  EXPECT_THAT(Update(h2, {"valid_from"}), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Create(*finance_, "back", Line("1", "2020-01-02", "2020-01-01")), Blames("credit_line.valid_to"));
  EXPECT_THAT(Create(*finance_, "none", Line("-1", "2020-01-01")), Blames("credit_line.limit"));
  EXPECT_THAT(Create(*finance_, "x", Line("1", "2026-01-01"), "nobody"), HasReason(Reason::kNotFound));

  // Thirty-two at once, all over the same days: one.
  std::atomic<int> made = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 32; ++i) {
    threads.emplace_back([&, i] {
      const auto line = Create(*finance_, StrCat("race-", i), Line("5", "2030-01-01"), "p-2");
      if (line.ok()) {
        ++made;
      } else {
        EXPECT_THAT(line, HasReason(Reason::kStateConflict));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(made, 1);
}

TEST_F(CreditLinesTest, FinanceSetsThemAndAPartnerSeesItsOwn) {
  EXPECT_THAT(Create(*manager_, "main", Line("1", "2026-01-01")), HasReason(Reason::kPermissionDenied));
  ASSERT_OK(Create(*finance_, "main", Line("1", "2026-01-01")));
  ASSERT_OK(Create(*finance_, "main", Line("2", "2026-01-01"), "p-2"));
  const auto user = service_.UserOf("p-1");
  EXPECT_OK(Get(*user, "partners/p-1/creditLines/main"));
  EXPECT_THAT(Get(*user, "partners/p-2/creditLines/main"), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Get(*user, "partners/p-2/creditLines/none"), HasReason(Reason::kPermissionDenied));
  v1::ListCreditLinesRequest list;
  list.set_parent("partners/-");
  ASSERT_OK_AND_ASSIGN(const auto own,
                       user->Call<v1::ListCreditLinesResponse>(StrCat(kService, "ListCreditLines"), list));
  EXPECT_THAT(own.credit_lines(), SizeIs(1));
  EXPECT_EQ(finance_->Call<v1::ListCreditLinesResponse>(StrCat(kService, "ListCreditLines"), list)->credit_lines_size(),
            2);
}

}  // namespace
}  // namespace tributary::partner
