// Exchange rates over the wire: told one by one and by import, looked up, withdrawn; a missing one is said.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/wire/wire.h"
#include "partner-service/testing_process.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/partner/v1/exchange_rate.pb.h"

namespace tributary::partner {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kService[] = "tributary.partner.v1.ExchangeRateService/";
constexpr char kImports[] = "tributary.partner.v1.ImportService/";

class ExchangeRatesTest : public ::testing::Test {
 protected:
  ExchangeRatesTest()
      : finance_(service_.ClientOf({.subject = "finance-1", .roles = {api::v1::FINANCE}})),
        manager_(service_.Manager()) {}

  static v1::ExchangeRate Rate(const char* date, const char* text, const char* from = "USD", const char* to = "CNY") {
    v1::ExchangeRate rate;
    rate.set_rate_type("average");
    rate.set_from_currency(from);
    rate.set_to_currency(to);
    *rate.mutable_date() = wire::ToProto(*Date::Parse(date));
    rate.set_source_text(text);
    return rate;
  }
  absl::StatusOr<v1::ExchangeRate> Create(const v1::ExchangeRate& rate) {
    v1::CreateExchangeRateRequest request;
    *request.mutable_exchange_rate() = rate;
    request.set_request_id(NewRequestId());
    return finance_->Call<v1::ExchangeRate>(StrCat(kService, "CreateExchangeRate"), request);
  }
  absl::StatusOr<v1::ExchangeRate> WithdrawRate(const std::string& name, const std::string& etag = "") {
    v1::WithdrawExchangeRateRequest request;
    request.set_name(name);
    request.set_etag(etag);
    request.set_request_id(NewRequestId());
    return finance_->Call<v1::ExchangeRate>(StrCat(kService, "WithdrawExchangeRate"), request);
  }
  absl::StatusOr<v1::LookUpExchangeRateResponse> LookUp(const char* date, int within_days, const char* from = "USD",
                                                        const char* to = "CNY") {
    v1::LookUpExchangeRateRequest request;
    request.set_rate_type("average");
    request.set_from_currency(from);
    request.set_to_currency(to);
    *request.mutable_date() = wire::ToProto(*Date::Parse(date));
    request.set_within_days(within_days);
    return service_.UserOf("p-1")->Call<v1::LookUpExchangeRateResponse>(StrCat(kService, "LookUpExchangeRate"),
                                                                        request);
  }
  std::string OpenImport() {
    api::v1::CreateImportRequest request;
    request.mutable_import()->set_target("exchangeRates");
    request.mutable_import()->set_mapping("test/rates");
    request.mutable_import()->set_file("rates.csv");
    request.mutable_import()->set_source_sha256(std::string(64, 'a'));
    request.set_request_id(NewRequestId());
    const auto import = manager_->Call<api::v1::Import>(StrCat(kImports, "CreateImport"), request);
    EXPECT_OK(import);
    return import.ok() ? import->name() : "";
  }
  absl::StatusOr<api::v1::BatchImportResponse> Import(const std::string& import,
                                                      const std::vector<v1::ExchangeRate>& rates) {
    v1::BatchImportExchangeRatesRequest request;
    request.set_import(import);
    request.set_request_id(NewRequestId());
    for (size_t i = 0; i < rates.size(); ++i) {
      v1::ExchangeRateRow* row = request.add_rows();
      row->set_row(static_cast<int64_t>(i) + 2);
      *row->mutable_exchange_rate() = rates[i];
    }
    return manager_->Call<api::v1::BatchImportResponse>(StrCat(kService, "BatchImportExchangeRates"), request);
  }

  RunningService service_;
  std::unique_ptr<rpc::Client> finance_;
  std::unique_ptr<rpc::Client> manager_;
};

TEST_F(ExchangeRatesTest, IsToldKeptAndWithdrawn) {
  ASSERT_OK_AND_ASSIGN(const v1::ExchangeRate rate, Create(Rate("2026-02-20", "7.1234000000005")));
  EXPECT_EQ(rate.name(), "exchangeRates/average.USD.CNY.2026-02-20");
  EXPECT_EQ(rate.rate().value(), "7.1234");
  EXPECT_EQ(rate.source_text(), "7.1234000000005");
  EXPECT_EQ(Create(Rate("2026-02-20", "7.12340"))->uid(), rate.uid());  // the same rate
  EXPECT_THAT(Create(Rate("2026-02-20", "7.2")), HasReason(Reason::kRowConflict));
  EXPECT_THAT(WithdrawRate(rate.name(), "\"7\""), HasReason(Reason::kEtagMismatch));
  ASSERT_OK_AND_ASSIGN(const v1::ExchangeRate withdrawn, WithdrawRate(rate.name(), rate.etag()));
  EXPECT_EQ(withdrawn.state(), v1::ExchangeRate::WITHDRAWN);
  EXPECT_THAT(WithdrawRate(rate.name()), HasReason(Reason::kStateConflict));
  EXPECT_THAT(WithdrawRate("exchangeRates/average.USD.CNY.2020-01-01"), HasReason(Reason::kNotFound));
  ASSERT_OK_AND_ASSIGN(const v1::ExchangeRate again, Create(Rate("2026-02-20", "7.2")));
  EXPECT_NE(again.uid(), rate.uid());
  EXPECT_NE(again.etag(), rate.etag());

  const struct {
    v1::ExchangeRate rate;
    const char* blamed;
  } kBad[] = {
      {Rate("2026-02-21", "7,2"), "exchange_rate.source_text"},
      {Rate("2026-02-21", "-7"), "exchange_rate.source_text"},
      {Rate("2026-02-21", "0.0000000000001"), "exchange_rate.source_text"},
      {Rate("2026-02-21", "1", "USD", "USD"), "exchange_rate.to_currency"},
      {Rate("2026-02-21", "1", "XXL"), "exchange_rate.from_currency"},
  };
  for (const auto& bad : kBad) EXPECT_THAT(Create(bad.rate), Blames(bad.blamed));
  v1::ExchangeRate named = Rate("2026-02-21", "7");
  named.set_name("exchangeRates/average.USD.CNY.2026-02-22");
  EXPECT_THAT(Create(named), Blames("exchange_rate.name"));
  v1::CreateExchangeRateRequest request;
  *request.mutable_exchange_rate() = Rate("2026-02-21", "7");
  request.set_request_id(NewRequestId());
  EXPECT_THAT(manager_->Call<v1::ExchangeRate>(StrCat(kService, "CreateExchangeRate"), request),
              HasReason(Reason::kPermissionDenied));
}

TEST_F(ExchangeRatesTest, IsLookedUpByDayAndNeverInverted) {
  ASSERT_OK(Create(Rate("2026-02-13", "7.1")));
  ASSERT_OK(Create(Rate("2026-02-20", "7.1234")));
  ASSERT_OK(Create(Rate("2026-03-01", "0.14", "CNY", "USD")));
  EXPECT_EQ(LookUp("2026-02-20", 0)->rate().value(), "7.1234");
  EXPECT_EQ(LookUp("2026-02-20", 0)->exchange_rate().date().day(), 20);
  EXPECT_EQ(LookUp("2026-02-19", 6)->rate().value(), "7.1");
  EXPECT_EQ(LookUp("2026-02-19", 5)->missing(), true);
  EXPECT_EQ(LookUp("2026-03-01", 366)->rate().value(), "7.1234");
  EXPECT_EQ(LookUp("2026-03-01", 0, "EUR", "EUR")->rate().value(), "1");
  ASSERT_OK_AND_ASSIGN(const auto missing, LookUp("2026-03-01", 3));
  EXPECT_TRUE(missing.missing());
  EXPECT_FALSE(missing.has_rate());
  EXPECT_THAT(missing.explanation(), HasSubstr("the latest before is of 2026-02-20, 9 days before"));
  EXPECT_THAT(missing.explanation(), HasSubstr("from CNY to USD of 2026-03-01, and a rate is never inverted"));
  ASSERT_OK(WithdrawRate("exchangeRates/average.USD.CNY.2026-02-20"));
  EXPECT_EQ(LookUp("2026-03-01", 366)->rate().value(), "7.1");
  EXPECT_THAT(LookUp("2026-03-01", 367), Blames("within_days"));
}

TEST_F(ExchangeRatesTest, ComesByFileAndIsTakenBack) {
  ASSERT_OK(Create(Rate("2026-02-18", "7")));
  const std::string import = OpenImport();
  ASSERT_OK_AND_ASSIGN(const auto reply,
                       Import(import, {Rate("2026-02-19", "0.000999080845622028"), Rate("2026-02-20", "7.1234"),
                                       Rate("2026-02-20", "7.1234"),  // the same row again
                                       Rate("2026-02-20", "7.1235"),  // contradicts it
                                       Rate("2026-02-18", "7.000"),   // as it was told by a call
                                       Rate("2026-02-21", "n/a"), Rate("2026-02-21", "1", "AFA")}));
  EXPECT_EQ(reply.accepted(), 2);
  EXPECT_EQ(reply.duplicate(), 2);
  std::vector<std::string> errors;
  for (const auto& error : reply.errors())
    errors.push_back(StrCat(error.row(), " ", error.column(), " ", error.reason()));
  EXPECT_THAT(errors, ::testing::UnorderedElementsAre("5 source_text ROW_CONFLICT", "7 source_text INVALID_FIELD",
                                                      "8 from_currency INVALID_FIELD"));
  EXPECT_EQ(LookUp("2026-02-19", 0)->rate().value(), "0.000999080846");

  ASSERT_OK_AND_ASSIGN(const auto again, Import(OpenImport(), {Rate("2026-02-20", "7.1234")}));
  EXPECT_EQ(again.duplicate(), 1);

  api::v1::CompleteImportRequest complete;
  complete.set_name(import);
  complete.set_received(7);
  complete.set_request_id(NewRequestId());
  EXPECT_OK(manager_->Call<api::v1::Import>(StrCat(kImports, "CompleteImport"), complete));
  api::v1::Import::State state = api::v1::Import::STATE_UNSPECIFIED;
  for (int step = 0; step < 5 && state != api::v1::Import::UNDONE; ++step) {
    api::v1::UndoImportRequest undo;
    undo.set_name(import);
    undo.set_request_id(NewRequestId());
    ASSERT_OK_AND_ASSIGN(const auto undone, manager_->Call<api::v1::Import>(StrCat(kImports, "UndoImport"), undo));
    state = undone.state();
  }
  EXPECT_EQ(state, api::v1::Import::UNDONE);
  EXPECT_TRUE(LookUp("2026-02-20", 0)->missing());
  EXPECT_EQ(LookUp("2026-02-20", 7)->rate().value(), "7");  // told by a call: stays
  v1::ListExchangeRatesRequest list;
  const std::string kList = StrCat(kService, "ListExchangeRates");
  EXPECT_THAT(finance_->Call<v1::ListExchangeRatesResponse>(kList, list)->exchange_rates(), SizeIs(1));
  list.set_show_deleted(true);
  EXPECT_THAT(finance_->Call<v1::ListExchangeRatesResponse>(kList, list)->exchange_rates(), SizeIs(3));
}

}  // namespace
}  // namespace tributary::partner
