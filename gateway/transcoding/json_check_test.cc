#include "gateway/transcoding/json_check.h"

#include <string>
#include <vector>

#include "common/status/status.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "tributary/conflict/v1/deal_registration.pb.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/region.pb.h"

namespace tributary::gateway {
namespace {

using conflict::v1::DealRegistration;
using partner::v1::BatchImportRegionsRequest;
using partner::v1::Partner;
using partner::v1::UpdatePartnerRequest;

absl::Status Check(std::string_view json, const google::protobuf::Descriptor& message, std::string_view path = "") {
  const auto value = ScanJson(json);
  EXPECT_TRUE(value.ok()) << value.status();
  return value.ok() ? CheckJson(*value, message, path) : value.status();
}

TEST(JsonCheckTest, TakesWhatProtobufTakes) {
  for (const char* json : {
           R"({})",
           R"({"legalName": "渠成", "trade_names": ["a", "b"], "kind": "DEALER", "etag": null})",
           R"({"createTime": "2024-05-06T07:08:09.5Z", "update_time": "2024-05-06T07:08:09+08:00", "kind": 2})",
       }) {
    EXPECT_TRUE(Check(json, *Partner::descriptor()).ok()) << json;
    Partner partner;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &partner).ok()) << json;
  }
  const char* deal =
      R"({"value": {"currencyCode": "USD", "units": "9007199254740993", "nanos": -5}, "effectiveFrom": {"year": 2024}})";
  EXPECT_TRUE(Check(deal, *DealRegistration::descriptor()).ok());
  for (const char* mask : {"", "legalName", "legal_name,time_zone", "*", "homeRegion,tradeNames"}) {
    const std::string json = std::string("{\"updateMask\": \"") + mask + "\"}";
    EXPECT_TRUE(Check(json, *UpdatePartnerRequest::descriptor()).ok()) << json;
    UpdatePartnerRequest request;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &request).ok()) << json;
  }
}

TEST(JsonCheckTest, NamesWhatIsWrong) {
  struct Row {
    const char* json;
    const char* field;
    const char* got;
    const char* want;  // a part
  };
  for (const Row& row : std::vector<Row>{
           {R"([])", "", "an array", "an object"},
           {R"("x")", "", "x", "an object"},
           {R"({"legal": "x"})", "legal", "legal", "one of name, uid"},
           {R"({"LegalName": "x"})", "LegalName", "LegalName", "legalName"},
           {R"({"legalName": 5})", "legal_name", "5", "a text"},
           {R"({"legalName": ["x"]})", "legal_name", "an array", "a text"},
           {R"({"legalName": true})", "legal_name", "true", "a text"},
           {R"({"legalName": "a", "legal_name": "b"})", "legal_name", "twice, as legal_name and as legalName", "once"},
           {R"({"tradeNames": "x"})", "trade_names", "x", "an array"},
           {R"({"tradeNames": ["x", null]})", "trade_names[1]", "null", "a text"},
           {R"({"tradeNames": ["x", {}]})", "trade_names[1]", "an object", "a text"},
           {R"({"kind": "EMPEROR"})", "kind", "EMPEROR", "one of DISTRIBUTOR, DEALER, RETAILER, VALUE_ADDED_RESELLER"},
           {R"({"kind": "dealer"})", "kind", "dealer", "one of DISTRIBUTOR"},
           {R"({"kind": 99})", "kind", "99", "one of DISTRIBUTOR"},
           {R"({"kind": 2.0})", "kind", "2.0", "one of DISTRIBUTOR"},
           {R"({"kind": {}})", "kind", "an object", "one of DISTRIBUTOR"},
           {R"({"createTime": "yesterday"})", "create_time", "yesterday", "a moment"},
           {R"({"createTime": 1700000000})", "create_time", "1700000000", "a moment"},
           {R"({"createTime": "2024-02-30T00:00:00Z"})", "create_time", "2024-02-30T00:00:00Z", "a moment"},
           {R"({"createTime": {"seconds": 1}})", "create_time", "an object", "a moment"},
       }) {
    const absl::Status status = Check(row.json, *Partner::descriptor());
    const ErrorDetail detail = DetailOf(status);
    EXPECT_EQ(detail.reason, Reason::kInvalidField) << row.json;
    ASSERT_EQ(detail.violations.size(), 1u) << row.json;
    EXPECT_EQ(detail.violations[0].field, row.field) << row.json;
    EXPECT_EQ(detail.violations[0].got, row.got) << row.json;
    EXPECT_THAT(detail.violations[0].want, testing::HasSubstr(row.want)) << row.json;
  }
}

TEST(JsonCheckTest, WholeNumbersAreDigits) {
  const std::vector<const char*> good = {"0", "-0", "7", "-7", "9223372036854775807", "-9223372036854775808"};
  const std::vector<const char*> bad = {"1e3",
                                        "7.0",
                                        "9007199254740993.0",
                                        "0.5",
                                        "9223372036854775808",
                                        "1E0",
                                        "1e400",
                                        "99999999999999999999",
                                        "-9223372036854775809"};
  for (const char* number : good) {
    for (const std::string quote : {"", "\""}) {
      const std::string json = "{\"value\":{\"units\":" + quote + number + quote + "}}";
      EXPECT_TRUE(Check(json, *DealRegistration::descriptor()).ok()) << json;
      DealRegistration deal;
      EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &deal).ok()) << json;
    }
  }
  for (const char* number : bad) {
    for (const std::string quote : {"", "\""}) {
      const std::string json = "{\"value\":{\"units\":" + quote + number + quote + "}}";
      const ErrorDetail detail = DetailOf(Check(json, *DealRegistration::descriptor()));
      ASSERT_EQ(detail.violations.size(), 1u) << json;
      EXPECT_EQ(detail.violations[0].field, "value.units");
      EXPECT_EQ(detail.violations[0].got, number);
    }
  }
  for (const char* text : {"\"\"", "\" 7\"", "\"+7\"", "\"007\"", "\"0x7\"", "\"seven\"", "true"}) {
    EXPECT_FALSE(Check(std::string("{\"value\":{\"units\":") + text + "}}", *DealRegistration::descriptor()).ok())
        << text;
  }
  EXPECT_FALSE(Check(R"({"value":{"nanos": 2147483648}})", *DealRegistration::descriptor()).ok());
}

TEST(JsonCheckTest, TellsEveryViolationWithItsPath) {
  const absl::Status status =
      Check(R"({"rows": [{"row": 1, "region": {"code": 5}}, {"row": "x", "region": []}], "a": 1})",
            *BatchImportRegionsRequest::descriptor(), "body");
  std::vector<std::string> fields;
  for (const FieldViolation& violation : DetailOf(status).violations) fields.push_back(violation.field);
  EXPECT_EQ(fields, (std::vector<std::string>{"body.rows[0].region.code", "body.rows[1].row", "body.rows[1].region",
                                              "body.a"}));
  std::string many = "{\"tradeNames\": [0";
  for (int i = 0; i < 1000; ++i) many += ",0";
  EXPECT_EQ(DetailOf(Check(many + "]}", *Partner::descriptor())).violations.size(), 100u);
}

}  // namespace
}  // namespace tributary::gateway
