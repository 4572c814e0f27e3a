#include "gateway/transcoding/requests.h"

#include <memory>
#include <string>
#include <vector>

#include "common/status/status.h"
#include "common/text/text.h"
#include "gateway/transcoding/answers.h"
#include "gateway/transcoding/json_check.h"
#include "gateway/transcoding/scalars.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tributary/conflict/v1/deal_registration.pb.h"
#include "tributary/incentive/v1/program.pb.h"
#include "tributary/inventory/v1/shipment.pb.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/region.pb.h"

namespace tributary::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using testing::HasSubstr;

const Routes& AllRoutes() {
  static const auto& routes = *new Routes(*Routes::Of(PublicMethods(
      {"tributary.partner.v1", "tributary.inventory.v1", "tributary.incentive.v1", "tributary.conflict.v1"})));
  return routes;
}

absl::StatusOr<std::unique_ptr<Message>> Read(std::string_view verb, std::string_view target,
                                              std::string_view body = "",
                                              std::string_view content_type = "application/json") {
  http::Request request{.method = std::string(verb), .target = std::string(target), .body = std::string(body)};
  if (!content_type.empty()) request.headers.emplace_back("content-type", content_type);
  ASSIGN_OR_RETURN(const Routes::Found found, AllRoutes().Find(verb, request.Path()));
  if (found.route == nullptr) return absl::NotFoundError(target.data());
  std::unique_ptr<Message> message(
      MessageFactory::generated_factory()->GetPrototype(found.route->method->input_type())->New());
  RETURN_IF_ERROR(ReadRequest(found, request, JsonLimits(), message.get()));
  return message;
}

template <typename T>
T ReadAs(std::string_view verb, std::string_view target, std::string_view body = "") {
  auto message = Read(verb, target, body);
  EXPECT_TRUE(message.ok()) << target << ": " << message.status();
  return message.ok() ? dynamic_cast<const T&>(**message) : T();
}

TEST(ReadRequestTest, PathQueryAndBody) {
  EXPECT_EQ(ReadAs<partner::v1::GetPartnerRequest>("GET", "/v1/partners/acme").name(), "partners/acme");

  const auto list = ReadAs<partner::v1::ListPartnersRequest>(
      "GET", "/v1/partners?pageSize=7&page_token=a%2Bb+c&filter=state%20%3D%20ACTIVE&showDeleted=true");
  EXPECT_EQ(list.page_size(), 7);
  EXPECT_EQ(list.page_token(), "a+b c");
  EXPECT_EQ(list.filter(), "state = ACTIVE");
  EXPECT_TRUE(list.show_deleted());

  const auto create = ReadAs<partner::v1::CreatePartnerRequest>(
      "POST", "/v1/partners?partnerId=acme&requestId=0190a0d2-0000-7000-8000-000000000001&validate_only=true",
      R"({"legalName": "渠成", "kind": "DEALER", "tradeNames": ["a", "b"]})");
  EXPECT_EQ(create.partner_id(), "acme");
  EXPECT_EQ(create.partner().legal_name(), "渠成");
  EXPECT_EQ(create.partner().kind(), partner::v1::Partner::DEALER);
  EXPECT_EQ(create.partner().trade_names_size(), 2);
  EXPECT_TRUE(create.validate_only());

  const auto update = ReadAs<partner::v1::UpdatePartnerRequest>(
      "PATCH", "/v1/partners/acme?updateMask=legalName,time_zone", R"({"legalName": "x", "etag": "\"1\""})");
  EXPECT_EQ(update.partner().name(), "partners/acme");
  EXPECT_EQ(update.partner().etag(), "\"1\"");
  EXPECT_THAT(update.update_mask().paths(), testing::ElementsAre("legal_name", "time_zone"));

  const auto activate =
      ReadAs<partner::v1::ActivatePartnerRequest>("POST", "/v1/partners/acme:activate", R"({"etag": "e"})");
  EXPECT_EQ(activate.name(), "partners/acme");
  EXPECT_EQ(activate.etag(), "e");
  EXPECT_EQ(ReadAs<partner::v1::ActivatePartnerRequest>("POST", "/v1/partners/acme:activate").name(), "partners/acme");
  EXPECT_EQ(
      ReadAs<partner::v1::ActivatePartnerRequest>("POST", "/v1/partners/acme:activate", R"({"name": "partners/acme"})")
          .name(),
      "partners/acme");
  EXPECT_EQ(ReadAs<inventory::v1::ListShipmentsRequest>("GET", "/v1/partners/-/shipments").parent(), "partners/-");
}

TEST(ReadRequestTest, RefusalsNameTheField) {
  struct Row {
    const char* verb;
    const char* target;
    const char* body;
    Reason reason;
    const char* field;  // of the first violation; null: there is none
    const char* message;
  };
  for (const Row& row : std::vector<Row>{
           {"GET", "/v1/partners?pagesize=1", "", Reason::kInvalidField, "pagesize",
            "want a field of ListPartnersRequest"},
           {"GET", "/v1/partners?page_size=1&pageSize=2", "", Reason::kInvalidField, "page_size",
            "got 'twice', want once"},
           {"GET", "/v1/partners?pageSize=x", "", Reason::kInvalidField, "page_size", "want a whole number"},
           {"GET", "/v1/partners?pageSize=1e1", "", Reason::kInvalidField, "page_size", "got '1e1'"},
           {"GET", "/v1/partners?pageSize=+1", "", Reason::kInvalidField, "page_size", "want a whole number"},
           {"GET", "/v1/partners?pageSize", "", Reason::kInvalidField, "page_size", "want a whole number"},
           {"GET", "/v1/partners?pageSize=99999999999", "", Reason::kInvalidField, "page_size", "2147483647"},
           {"GET", "/v1/partners?showDeleted=yes", "", Reason::kInvalidField, "show_deleted", "true or false"},
           {"GET", "/v1/partners?filter=%FF", "", Reason::kInvalidField, "filter", "want UTF-8"},
           {"GET", "/v1/partners?filter=%0", "", Reason::kInvalidField, "filter", "hexadecimal"},
           {"GET", "/v1/partners?filter=a%00", "", Reason::kInvalidField, "filter", "without NUL"},
           {"GET", "/v1/partners?=1", "", Reason::kInvalidField, "", "want a field of"},
           {"GET", "/v1/partners/acme?name=partners/other", "", Reason::kInvalidField, "name",
            "got 'twice', want once"},
           {"GET", "/v1/partners/acme%2F..%2Fother", "", Reason::kInvalidField, "path", "no encoded '/'"},
           {"GET", "/v1/partners", "{}", Reason::kMalformedRequest, nullptr, "want none with GET /v1/partners"},
           {"POST", "/v1/partners", "{", Reason::kMalformedJson, "", "JSON, line 1, column 2"},
           {"POST", "/v1/partners", "{\"legalName\": 1}", Reason::kInvalidField, "partner.legal_name", "want a text"},
           {"POST", "/v1/partners", "{\"partner\": {}}", Reason::kInvalidField, "partner.partner", "want one of name"},
           {"POST", "/v1/partners?partner.legalName=x", "{}", Reason::kInvalidField, "partner.legal_name",
            "want it in the body"},
           {"POST", "/v1/partners?partner=x", "{}", Reason::kInvalidField, "partner", "want it in the body"},
           {"PATCH", "/v1/partners/acme?updateMask=a;b", "{}", Reason::kInvalidField, "update_mask", "field names"},
           {"PATCH", "/v1/partners/acme", "{\"name\": \"partners/other\"}", Reason::kInvalidField, "partner.name",
            "as the path says"},
           {"POST", "/v1/partners/acme:activate", "{\"name\": \"partners/other\"}", Reason::kInvalidField, "name",
            "as the path says"},
           {"POST", "/v1/partners/acme:activate?etag=e", "", Reason::kInvalidField, "etag", "want it in the body"},
       }) {
    const absl::Status status = Read(row.verb, row.target, row.body).status();
    const ErrorDetail detail = DetailOf(status);
    EXPECT_EQ(detail.reason, row.reason) << row.target << " " << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(row.message)) << row.target;
    if (row.field != nullptr) {
      ASSERT_FALSE(detail.violations.empty()) << row.target;
      EXPECT_EQ(detail.violations[0].field, row.field) << row.target;
    }
  }
  std::string many = "/v1/partners?";
  for (int i = 0; i < 101; ++i) many += "filter=a&";
  EXPECT_THAT(std::string(Read("GET", many).status().message()), HasSubstr("more than 100 parameters"));
}

TEST(ReadRequestTest, OnlyJsonIsTakenForJson) {
  for (const char* type : {"application/json", "application/json; charset=utf-8", "Application/JSON", ""}) {
    EXPECT_TRUE(Read("POST", "/v1/partners", "{}", type).ok()) << type;
  }
  for (const char* type :
       {"application/x-www-form-urlencoded", "text/plain", "multipart/form-data", "application/jsonp"}) {
    EXPECT_THAT(std::string(Read("POST", "/v1/partners", "{}", type).status().message()),
                HasSubstr("want application/json"))
        << type;
  }
}

// Something in every field; texts and lists are short, messages reach `depth` levels down.
void Fill(Message* message, int depth) {
  const auto& descriptor = *message->GetDescriptor();
  const auto* reflection = message->GetReflection();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    if (field.real_containing_oneof() != nullptr && field.real_containing_oneof()->field(0) != &field) continue;
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !IsTextMessage(*field.message_type())) {
      if (depth == 0 || field.is_map()) continue;
      Fill(field.is_repeated() ? reflection->AddMessage(message, &field) : reflection->MutableMessage(message, &field),
           depth - 1);
      continue;
    }
    std::string text = "7";
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) text = "true";
    if (field.type() == FieldDescriptor::TYPE_STRING) text = "\"渠\\成\"\n";
    if (field.type() == FieldDescriptor::TYPE_BYTES) text = "/+8=";
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      text = field.enum_type()->value(field.enum_type()->value_count() - 1)->name();
    }
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      text = field.message_type()->name() == "Timestamp" ? "2024-05-06T07:08:09.123456Z" : "3.5s";
      if (field.message_type()->name() == "FieldMask") text = "legal_name,partner.time_zone";
    }
    EXPECT_TRUE(SetFromText(field, text, message)) << field.full_name();
  }
}

TEST(ReadRequestTest, EveryRequestAndReplySurvivesItsJson) {
  for (const auto& route : AllRoutes().all()) {
    for (const auto* type : {route->method->input_type(), route->method->output_type()}) {
      if (type->full_name() == "google.longrunning.Operation") continue;  // holds an Any, goes out only
      std::unique_ptr<Message> message(MessageFactory::generated_factory()->GetPrototype(type)->New());
      Fill(message.get(), 6);
      const http::Response answer = AnswerOf(*message);
      ASSERT_EQ(answer.status, 200) << type->full_name();
      const auto value = ScanJson(answer.body);
      ASSERT_TRUE(value.ok()) << type->full_name() << ": " << value.status();
      EXPECT_TRUE(CheckJson(*value, *type).ok()) << CheckJson(*value, *type) << answer.body;
      std::unique_ptr<Message> again(message->New());
      ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(answer.body, again.get()).ok()) << answer.body;
      EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*message, *again)) << type->full_name();
    }
  }
}

TEST(ScalarsTest, SetsWhatFits) {
  partner::v1::Partner partner;
  const auto& descriptor = *partner::v1::Partner::descriptor();
  const auto set = [&](const char* name, std::string_view text) {
    return SetFromText(*descriptor.FindFieldByName(name), text, &partner);
  };
  EXPECT_TRUE(set("trade_names", "a"));
  EXPECT_TRUE(set("trade_names", "b"));
  EXPECT_EQ(partner.trade_names_size(), 2);
  EXPECT_TRUE(set("kind", "DEALER"));
  EXPECT_TRUE(set("kind", "3"));
  EXPECT_FALSE(set("kind", "77"));
  EXPECT_EQ(partner.kind(), partner::v1::Partner::RETAILER);
  EXPECT_TRUE(set("create_time", "1970-01-01T00:00:01Z"));
  EXPECT_EQ(partner.create_time().seconds(), 1);
  EXPECT_FALSE(set("create_time", "1970-01-01"));
  EXPECT_FALSE(set("legal_name", "\xFF"));
}

TEST(AnswersTest, ErrorsAreGoogleRpcStatuses) {
  const absl::Status status = WithDetail(absl::StatusCode::kResourceExhausted, "got a full queue",
                                         {.reason = Reason::kOverloaded,
                                          .metadata = {{"queue", "q"}},
                                          .violations = {{"partner.name", "x", "y"}},
                                          .preconditions = {"partners/a: must be ACTIVE"},
                                          .retry_after = absl::Milliseconds(1200)});
  const http::Response english = ErrorAnswer(status, "en");
  EXPECT_EQ(english.status, 429);
  EXPECT_EQ(english.Header("retry-after"), "2");
  EXPECT_THAT(english.content_type, HasSubstr("application/json"));
  const auto json = nlohmann::json::parse(english.body, nullptr, false);
  ASSERT_TRUE(json.is_object()) << english.body;
  EXPECT_EQ(json["code"], 8);
  EXPECT_EQ(json["message"], "got a full queue");
  ASSERT_EQ(json["details"].size(), 5u);
  EXPECT_EQ(json["details"][0]["@type"], "type.googleapis.com/google.rpc.ErrorInfo");
  EXPECT_EQ(json["details"][0]["reason"], "OVERLOADED");
  EXPECT_EQ(json["details"][0]["domain"], "tributary");
  EXPECT_EQ(json["details"][0]["metadata"]["queue"], "q");
  EXPECT_EQ(json["details"][1]["fieldViolations"][0]["field"], "partner.name");
  EXPECT_EQ(json["details"][3]["retryDelay"], "1.200s");
  EXPECT_EQ(json["details"][4]["locale"], "en");
  const auto chinese = nlohmann::json::parse(ErrorAnswer(status, "zh-CN").body, nullptr, false);
  EXPECT_EQ(chinese["details"][4]["locale"], "zh-CN");
  EXPECT_EQ(chinese["details"][4]["message"], "服务繁忙，请在指定时间后重试。");
}

TEST(AnswersTest, EveryCodeHasItsHttpStatusAndAReason) {
  using C = absl::StatusCode;
  const std::vector<std::pair<C, int>> rows = {
      {C::kCancelled, 499},        {C::kUnknown, 500},           {C::kInvalidArgument, 400},
      {C::kDeadlineExceeded, 504}, {C::kNotFound, 404},          {C::kAlreadyExists, 409},
      {C::kPermissionDenied, 403}, {C::kResourceExhausted, 429}, {C::kFailedPrecondition, 400},
      {C::kAborted, 409},          {C::kOutOfRange, 400},        {C::kUnimplemented, 501},
      {C::kInternal, 500},         {C::kUnavailable, 503},       {C::kDataLoss, 500},
      {C::kUnauthenticated, 401}};
  for (const auto& [code, http_status] : rows) {
    const http::Response response = ErrorAnswer(absl::Status(code, "x"), "en");
    EXPECT_EQ(response.status, http_status) << absl::StatusCodeToString(code);
    const auto json = nlohmann::json::parse(response.body, nullptr, false);
    EXPECT_EQ(json["code"], static_cast<int>(code));
    EXPECT_FALSE(json["details"][0]["reason"].get<std::string>().empty());
    EXPECT_EQ(response.Header("www-authenticate"), http_status == 401 ? "Bearer" : "");
  }
  EXPECT_EQ(ErrorAnswer(Error(Reason::kPayloadTooLarge, "x"), "en").status, 413);
  const auto broken = nlohmann::json::parse(ErrorAnswer(absl::InternalError("\xFF\""), "en").body, nullptr, false);
  EXPECT_TRUE(broken.is_object()) << "also a message that is no UTF-8";
}

TEST(AnswersTest, LanguageByPreference) {
  for (const auto& [header, want] : std::vector<std::pair<std::string, std::string>>{
           {"", "en"},
           {"en", "en"},
           {"zh", "zh-CN"},
           {"zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"},
           {"zh-TW", "zh-CN"},
           {"en-US,en;q=0.9,zh;q=0.8", "en"},
           {"de, zh;q=0.1", "zh-CN"},
           {"en;q=0.1, zh;q=0.5", "zh-CN"},
           {"zh;q=0", "en"},
           {"*", "en"},
           {"zh, *;q=0.5", "zh-CN"},
           {"zh;q=0.1, *", "en"},
           {"zh;q=abc", "en"},
           {"zhx", "en"},
           {";;,,;q=", "en"},
       }) {
    EXPECT_EQ(LanguageOf(header), want) << header;
  }
}

}  // namespace
}  // namespace tributary::gateway
