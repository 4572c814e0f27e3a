// The one way in for outsiders, asked as they ask: HTTP, JSON and a token.

#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/channel.h"

namespace tributary::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class GatewayTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(demo_.outcome.code, 0) << demo_.outcome.ToString(); }

  http::Response Ask(const std::string& method, const std::string& target, const std::string& body = "",
                     http::Headers headers = {}) {
    return demo_.suite.Http(method, target, administrator_, body, std::move(headers));
  }
  json Get(const std::string& target) {
    const http::Response response = Ask("GET", target);
    EXPECT_EQ(response.status, 200) << target << "\n" << response.body;
    return json::parse(response.body, nullptr, false);
  }

  SampleDemo& demo_ = SampleDemo::Get();
  const std::string administrator_ = demo_.suite.Token("ADMINISTRATOR");
};

json Detail(const json& error, const std::string& type) {
  for (const json& detail : error.value("details", json::array())) {
    if (detail.value("@type", "") == "type.googleapis.com/google.rpc." + type) return detail;
  }
  return json::object();
}

// A google.rpc.Status with its ErrorInfo and a text for people.
void ExpectError(const http::Response& response, int status, const std::string& reason) {
  EXPECT_EQ(response.status, status) << response.body;
  EXPECT_THAT(response.content_type, HasSubstr("application/json"));
  const json error = json::parse(response.body, nullptr, false);
  ASSERT_TRUE(error.is_object()) << response.body;
  EXPECT_GT(error.value("code", 0), 0) << response.body;
  EXPECT_FALSE(error.value("message", "").empty()) << response.body;
  EXPECT_EQ(Detail(error, "ErrorInfo").value("reason", ""), reason) << response.body;
  EXPECT_FALSE(Detail(error, "ErrorInfo").value("domain", "").empty()) << response.body;
  EXPECT_FALSE(Detail(error, "LocalizedMessage").value("message", "").empty()) << response.body;
}

std::vector<std::string> FieldsBlamed(const http::Response& response) {
  std::vector<std::string> fields;
  const json error = json::parse(response.body, nullptr, false);
  for (const json& violation : Detail(error, "BadRequest").value("fieldViolations", json::array())) {
    fields.push_back(violation.value("field", ""));
    EXPECT_THAT(violation.value("description", ""), HasSubstr("got "));
    EXPECT_THAT(violation.value("description", ""), HasSubstr("want "));
  }
  return fields;
}

TEST_F(GatewayTest, GetsEachKindOfResource) {
  EXPECT_EQ(Get("/v1/partners/s-1000")["state"], "ACTIVE");
  EXPECT_EQ(Get("/v1/regions/cn-sh")["displayNameZh"], "上海");
  EXPECT_EQ(Get("/v1/products/sp-100")["sku"], "TX-4000");
  EXPECT_EQ(Get("/v1/programs/quarterly-volume")["shape"], "MARGINAL");
  EXPECT_EQ(Get("/v1/applications/s-1000")["state"], "CONVERTED");
  EXPECT_EQ(Get("/v1/partners/s-1000/agreements/main")["state"], "SIGNED");
  const json statement = Get("/v1/partners/s-1000/statements/1");
  EXPECT_EQ(statement["state"], "ISSUED");
  EXPECT_EQ(statement["total"]["currencyCode"], "CNY");
  const json position = Get("/v1/partners/s-1000/positions?pageSize=1");
  EXPECT_EQ(position["positions"].size(), 1u);
  const json totals = Get("/v1/partners/-/shipments:totals");
  EXPECT_EQ(totals["lines"], std::to_string(demo_.summary["sell_in_lines"].get<int64_t>()));
  EXPECT_EQ(Get("/v1/ledger:check")["balanced"], true);
}

TEST_F(GatewayTest, ListsPageByPageAndFiltered) {
  std::set<std::string> names;
  std::string token;
  int pages = 0;
  do {
    const json page = Get("/v1/partners?pageSize=70&pageToken=" + token);
    ASSERT_LE(page["partners"].size(), 70u);
    for (const json& partner : page["partners"]) {
      EXPECT_TRUE(names.insert(partner["name"].get<std::string>()).second) << partner["name"] << " twice";
    }
    token = page.value("nextPageToken", "");
    ++pages;
  } while (!token.empty() && pages < 10);
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(names.size(), 200u);

  std::map<std::string, size_t> kinds;
  for (const char* kind : {"DISTRIBUTOR", "DEALER", "RETAILER", "VALUE_ADDED_RESELLER"}) {
    const json page = Get(std::string("/v1/partners?pageSize=1000&filter=kind%20%3D%20") + kind);
    for (const json& partner : page["partners"]) EXPECT_EQ(partner["kind"], kind);
    kinds[kind] = page["partners"].size();
  }
  size_t sum = 0;
  for (const auto& [kind, count] : kinds) sum += count;
  EXPECT_EQ(sum, 200u);

  ExpectError(
      Ask("GET", "/v1/partners?filter=state%20%3D%20ACTIVE%20AND%20kind%20%3D%20DEALER%20OR%20kind%20%3D%20RETAILER"),
      400, "FILTER_INVALID");
  ExpectError(Ask("GET", "/v1/partners?pageToken=nonsense"), 400, "PAGE_TOKEN_INVALID");
  const std::string first = Get("/v1/partners?pageSize=1")["nextPageToken"];
  ExpectError(Ask("GET", "/v1/partners?pageSize=1&filter=kind%20%3D%20DEALER&pageToken=" + first), 400,
              "PAGE_TOKEN_INVALID");
  EXPECT_EQ(FieldsBlamed(Ask("GET", "/v1/partners?pageSize=-1")), std::vector<std::string>{"page_size"});
  EXPECT_EQ(FieldsBlamed(Ask("GET", "/v1/partners?pageSize=many")), std::vector<std::string>{"page_size"});
  EXPECT_EQ(FieldsBlamed(Ask("GET", "/v1/partners?colour=red")), std::vector<std::string>{"colour"});
}

TEST_F(GatewayTest, CustomVerbsMoveAResource) {
  const json body = {{"legalName", "Kestrel Instruments Ltd."},
                     {"kind", "DEALER"},
                     {"currency", "EUR"},
                     {"homeRegion", "regions/de"},
                     {"employees", 40},
                     {"yearOpened", 1999},
                     {"annualSales", {{"currencyCode", "EUR"}, {"units", "2000000"}}}};
  const http::Response created = Ask("POST", "/v1/applications?applicationId=kestrel", body.dump());
  ASSERT_EQ(created.status, 200) << created.body;
  const json application = json::parse(created.body);
  EXPECT_EQ(application["name"], "applications/kestrel");
  EXPECT_EQ(application["state"], "DRAFT");
  const http::Response submitted = Ask("POST", "/v1/applications/kestrel:submit", "{}");
  EXPECT_EQ(json::parse(submitted.body)["state"], "SCREENING") << submitted.body;
  // A move that its state does not allow, a stale etag, a name that is taken, one that is not there.
  ExpectError(Ask("POST", "/v1/applications/kestrel:submit", "{}"), 400, "STATE_CONFLICT");
  ExpectError(Ask("POST", "/v1/applications/kestrel:screen", json{{"etag", application["etag"]}}.dump()), 409,
              "ETAG_MISMATCH");
  ExpectError(Ask("POST", "/v1/applications?applicationId=kestrel", body.dump()), 409, "ALREADY_EXISTS");
  ExpectError(Ask("GET", "/v1/applications/nobody"), 404, "NOT_FOUND");
}

TEST_F(GatewayTest, ARequestIdMakesAPostHappenOnce) {
  const std::string id = "0b8f8a52-7f7f-4c3c-9a55-1f5c3a3b9d10";
  const json body = {
      {"legalName", "Halcyon Supply Inc."}, {"kind", "DEALER"}, {"currency", "USD"}, {"homeRegion", "regions/us"}};
  const http::Response first = Ask("POST", "/v1/applications?requestId=" + id, body.dump());
  ASSERT_EQ(first.status, 200) << first.body;
  const http::Response again = Ask("POST", "/v1/applications?requestId=" + id, body.dump());
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(json::parse(first.body), json::parse(again.body));
  json other = body;
  other["kind"] = "RETAILER";
  ExpectError(Ask("POST", "/v1/applications?requestId=" + id, other.dump()), 400, "REQUEST_ID_REUSED");
  EXPECT_EQ(FieldsBlamed(Ask("POST", "/v1/applications?requestId=seven", body.dump())),
            std::vector<std::string>{"request_id"});
  // Checked only: nothing is made.
  const http::Response preview = Ask("POST", "/v1/applications?applicationId=preview&validateOnly=true", body.dump());
  EXPECT_EQ(preview.status, 200) << preview.body;
  ExpectError(Ask("GET", "/v1/applications/preview"), 404, "NOT_FOUND");
}

TEST_F(GatewayTest, NamesEveryBadFieldAtOnce) {
  const json body = {{"legalName", ""}, {"kind", "DEALER"}, {"currency", "EURO"}, {"yearOpened", 3}};
  const http::Response response = Ask("POST", "/v1/applications?applicationId=UPPER", body.dump());
  ExpectError(response, 400, "INVALID_FIELD");
  EXPECT_THAT(FieldsBlamed(response), ::testing::UnorderedElementsAre("application.legal_name", "application.currency",
                                                                      "application.year_opened", "application_id"));
}

TEST_F(GatewayTest, WantsATokenThatHolds) {
  const std::string target = "/v1/partners/s-1000";
  const http::Response without = demo_.suite.Http("GET", target);
  ExpectError(without, 401, "UNAUTHENTICATED");
  EXPECT_EQ(without.Header("www-authenticate"), "Bearer");
  ExpectError(demo_.suite.Http("GET", target, "not.a.token"), 401, "UNAUTHENTICATED");

  // Signed with a key that is not ours, under our key's name.
  const auto keys = auth::TokenSigner::NewKeyPair("development");
  ASSERT_TRUE(keys.ok());
  const auto forger = auth::TokenSigner::FromJwk(keys->private_jwk);
  ASSERT_TRUE(forger.ok());
  const auto forged =
      (*forger)->Sign({.subject = "forger", .roles = {api::v1::ADMINISTRATOR}}, absl::Now(), absl::Hours(1));
  ASSERT_TRUE(forged.ok());
  ExpectError(demo_.suite.Http("GET", target, *forged), 401, "UNAUTHENTICATED");
  // The claims of another token under this one's signature.
  std::string mixed = administrator_.substr(0, administrator_.find('.')) +
                      forged->substr(forged->find('.'), forged->rfind('.') - forged->find('.')) +
                      administrator_.substr(administrator_.rfind('.'));
  ExpectError(demo_.suite.Http("GET", target, mixed), 401, "UNAUTHENTICATED");
  // "alg": "none".
  const std::string none =
      "eyJhbGciOiJub25lIn0" +
      administrator_.substr(administrator_.find('.'), administrator_.rfind('.') - administrator_.find('.') + 1);
  ExpectError(demo_.suite.Http("GET", target, none), 401, "UNAUTHENTICATED");

  const std::string expired =
      demo_.suite.Token("ADMINISTRATOR", "", "test", absl::Minutes(1), absl::Now() - absl::Hours(1));
  ExpectError(demo_.suite.Http("GET", target, expired), 401, "TOKEN_EXPIRED");
  ExpectError(demo_.suite.Http("GET", target, "", "", {{"authorization", "Basic dGVzdDp0ZXN0"}}), 401,
              "UNAUTHENTICATED");
}

TEST_F(GatewayTest, ShowsAPartnerItsOwnRowsAlone) {
  const std::string own = demo_.suite.Token("PARTNER_USER", "s-1001");
  const auto as_partner = [&](const std::string& method, const std::string& target, const std::string& body = "") {
    return demo_.suite.Http(method, target, own, body);
  };
  EXPECT_EQ(as_partner("GET", "/v1/partners/s-1001").status, 200);
  EXPECT_EQ(as_partner("GET", "/v1/partners/s-1001/statements").status, 200);
  for (const char* target :
       {"/v1/partners/s-1000", "/v1/partners/s-1000/statements", "/v1/partners/s-1000/statements/1",
        "/v1/partners/s-1000/positions", "/v1/partners/s-1000/shipments:totals", "/v1/partners/no-such-partner",
        "/v1/partners/no-such-partner/statements/1"}) {
    SCOPED_TRACE(target);
    ExpectError(as_partner("GET", target), 403, "PERMISSION_DENIED");
  }
  ExpectError(as_partner("GET", "/v1/findings"), 403, "PERMISSION_DENIED");
  ExpectError(as_partner("POST", "/v1/applications/s-1000:approve", "{}"), 403, "PERMISSION_DENIED");
  // "-" stands for what the caller may see.
  const json mine = json::parse(as_partner("GET", "/v1/partners/-/statements?pageSize=1000").body);
  ASSERT_FALSE(mine["statements"].empty());
  for (const json& statement : mine["statements"]) {
    EXPECT_THAT(statement["name"].get<std::string>(), ::testing::StartsWith("partners/s-1001/")) << statement["name"];
  }
  const std::string auditor = demo_.suite.Token("AUDITOR");
  EXPECT_EQ(demo_.suite.Http("GET", "/v1/findings", auditor).status, 200);
  ExpectError(demo_.suite.Http("POST", "/v1/applications/s-1000:approve", auditor, "{}"), 403, "PERMISSION_DENIED");
}

TEST_F(GatewayTest, TakesStrictJsonAlone) {
  std::string deep;
  for (int i = 0; i < 40; ++i) deep += "[";
  for (int i = 0; i < 40; ++i) deep += "]";
  struct Case {
    const char* what;
    std::string body;
    std::string reason;
    std::string field;  // blamed, or found in the message
  };
  const std::vector<Case> cases = {
      {"duplicate key", R"({"legalName": "A", "kind": "DEALER", "kind": "RETAILER"})", "MALFORMED_JSON", "kind"},
      {"trailing comma", R"({"legalName": "A",})", "MALFORMED_JSON", ""},
      {"NaN", R"({"employees": NaN})", "MALFORMED_JSON", "employees"},
      {"single quotes", R"({'legalName': 'A'})", "MALFORMED_JSON", ""},
      {"unquoted key", R"({legalName: "A"})", "MALFORMED_JSON", ""},
      {"plus sign", R"({"employees": +5})", "MALFORMED_JSON", "employees"},
      {"comment", R"({"legalName": "A" /* why */})", "MALFORMED_JSON", "/*"},
      {"two values", R"({} {})", "MALFORMED_JSON", ""},
      {"not ended", R"({"legalName": "A")", "MALFORMED_JSON", ""},
      {"not UTF-8", "{\"legalName\": \"\xff\"}", "MALFORMED_JSON", "legalName"},
      {"deep nesting", R"({"tradeNames": )" + deep + "}", "MALFORMED_JSON", "tradeNames"},
      {"unknown field", R"({"legalName": "A", "colour": "red"})", "INVALID_FIELD", "application.colour"},
      {"unknown enum", R"({"legalName": "A", "kind": "SHOP"})", "INVALID_FIELD", "application.kind"},
      {"enum by an unknown number", R"({"legalName": "A", "kind": 77})", "INVALID_FIELD", "application.kind"},
      {"number for text", R"({"legalName": 7})", "INVALID_FIELD", "application.legal_name"},
      {"text for number", R"({"legalName": "A", "employees": "forty"})", "INVALID_FIELD", "application.employees"},
      {"fraction for a whole number", R"({"legalName": "A", "employees": 1.5})", "INVALID_FIELD",
       "application.employees"},
      {"too large a number", R"({"legalName": "A", "employees": 4294967296})", "INVALID_FIELD",
       "application.employees"},
      {"object for list", R"({"legalName": "A", "tradeNames": {}})", "INVALID_FIELD", "application.trade_names"},
      {"list for object", R"({"legalName": "A", "annualSales": []})", "INVALID_FIELD", "application.annual_sales"},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.what);
    const http::Response response = Ask("POST", "/v1/applications", one.body);
    EXPECT_EQ(response.status, 400) << response.body;
    const json error = json::parse(response.body, nullptr, false);
    EXPECT_EQ(Detail(error, "ErrorInfo").value("reason", ""), one.reason) << response.body;
    if (one.reason == "INVALID_FIELD") {
      EXPECT_THAT(FieldsBlamed(response), ::testing::Contains(one.field)) << response.body;
    } else if (!one.field.empty()) {
      EXPECT_THAT(response.body, HasSubstr(one.field));
    }
  }
  ExpectError(Ask("POST", "/v1/applications", std::string(5 << 20, ' ')), 413, "PAYLOAD_TOO_LARGE");
  // The process is still there.
  EXPECT_EQ(Ask("GET", "/v1/partners/s-1000").status, 200);
}

TEST_F(GatewayTest, SaysItInChineseWhereThatIsAsked) {
  const http::Response response =
      Ask("GET", "/v1/partners/nobody", "", {{"accept-language", "zh-CN,zh;q=0.9,en;q=0.5"}});
  EXPECT_EQ(response.status, 404);
  const json localized = Detail(json::parse(response.body), "LocalizedMessage");
  EXPECT_EQ(localized["locale"], "zh-CN");
  EXPECT_EQ(localized["message"], "资源不存在。");
  const json english = Detail(json::parse(Ask("GET", "/v1/partners/nobody").body), "LocalizedMessage");
  EXPECT_EQ(english["locale"], "en");
}

TEST_F(GatewayTest, KnowsNoOtherPathsAndVerbs) {
  ExpectError(Ask("GET", "/v1/nothing"), 404, "METHOD_NOT_FOUND");
  const http::Response verb = Ask("DELETE", "/v1/partners/s-1000");
  EXPECT_EQ(verb.status, 405) << verb.body;
  EXPECT_THAT(std::string(verb.Header("allow")), HasSubstr("GET"));
  // Between processes alone: no way from outside.
  ExpectError(Ask("POST", "/tributary.events.v1.FeedService/GetFeedHead", "{}"), 404, "METHOD_NOT_FOUND");
  ExpectError(Ask("GET", "/metrics"), 404, "METHOD_NOT_FOUND");
}

// The messages of a body of events: id and data.
std::vector<std::pair<std::string, json>> EventsOf(const std::string& body) {
  std::vector<std::pair<std::string, json>> events;
  std::istringstream stream(body);
  std::string id;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("id: ")) id = line.substr(4);
    if (line.starts_with("data: ")) events.emplace_back(id, json::parse(line.substr(6), nullptr, false));
  }
  return events;
}

TEST_F(GatewayTest, PositionsAreWatchedAsEventsAndResumed) {
  const std::string user = demo_.suite.Token("PARTNER_USER", "s-1003", "user-of-watcher");
  const auto watch = [&](const std::string& target, const std::string& last_event_id) {
    http::Headers headers = {{"accept", "text/event-stream"}, {"x-timeout-seconds", "1"}};
    if (!last_event_id.empty()) headers.emplace_back("last-event-id", last_event_id);
    return demo_.suite.Http("GET", target, user, "", std::move(headers));
  };
  const std::string own = "/v1/partners/s-1003/positions:watch";
  const http::Response first = watch(own, "");
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first.content_type, "text/event-stream");
  const auto events = EventsOf(first.body);
  ASSERT_GE(events.size(), 2u) << first.body;
  size_t positions = 0;
  std::string token;
  for (const auto& [id, message] : events) {
    if (message.contains("code")) continue;
    for (const json& position : message["positions"]) {
      EXPECT_THAT(position["name"].get<std::string>(), ::testing::StartsWith("partners/s-1003/"));
      ++positions;
    }
    token = id;
  }
  EXPECT_EQ(positions, Get("/v1/partners/s-1003/positions?pageSize=1000")["positions"].size());
  EXPECT_FALSE(token.empty());
  // Its time was over: told in the last event, since the head had gone.
  EXPECT_EQ(Detail(events.back().second, "ErrorInfo").value("reason", ""), "DEADLINE_EXCEEDED") << first.body;

  // Rows come as a stream; who resumes is told of them alone.
  const std::string row =
      R"({"rows": [{"row": 1, "stockMovement": {"document": "GW-STREAM", "line": 1, "effectiveDate": )"
      R"({"year": 2026, "month": 6, "day": 1}, "product": "products/sp-100", "quantity": {"value": "7"}, )"
      R"("fromLocation": "adjustment", "toLocation": "partners/s-1003/sites/main/on_hand", "reason": "ADJUSTMENT", )"
      R"("reasonCode": "FOUND"}}]})";
  const http::Headers lines = {{"content-type", "application/x-ndjson"}};
  const http::Response posted = Ask("POST", "/v1/movements:streamPost", row + "\n" + row, lines);
  ASSERT_EQ(posted.status, 200) << posted.body;
  EXPECT_EQ(json::parse(posted.body)["accepted"], "1") << posted.body;
  EXPECT_EQ(json::parse(posted.body)["duplicate"], "1");
  std::set<std::string> changed;
  for (const auto& [id, message] : EventsOf(watch(own, token).body)) {
    for (const json& position : message.value("positions", json::array())) {
      changed.insert(position["name"]);
      EXPECT_EQ(position["onHand"], Get("/v1/partners/s-1003/positions/main.sp-100")["onHand"]);
    }
  }
  EXPECT_EQ(changed, std::set<std::string>{"partners/s-1003/positions/main.sp-100"});

  ExpectError(watch("/v1/partners/s-1004/positions:watch", ""), 403, "PERMISSION_DENIED");
  ExpectError(watch("/v1/partners/-/positions:watch", token), 400, "PAGE_TOKEN_INVALID");
}

}  // namespace
}  // namespace tributary::testing
