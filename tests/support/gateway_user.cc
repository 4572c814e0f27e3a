#include "tests/support/gateway_user.h"

#include <cstdint>
#include <cstdlib>

#include "absl/time/clock.h"
#include "common/http/fetch.h"
#include "common/ids/uuid.h"
#include "common/text/text.h"
#include "gtest/gtest.h"

namespace tributary::testing {
namespace {

using nlohmann::json;

// Nobody could answer: too many ask, a process has ended, or others were quicker.
bool Unanswered(const http::Response& response) {
  return response.status == 429 || response.status == 499 || response.status == 503 || response.status == 504 ||
         response.body.find("\"CONFLICT_RETRY\"") != std::string::npos;
}

// The answer; null, which also fails the test, where it is an error.
json Acknowledged(const http::Response& response, const std::string& target, const json& body) {
  EXPECT_EQ(response.status, 200) << target << ": " << response.body << "\nfor " << body;
  return response.status == 200 ? json::parse(response.body) : json();
}

}  // namespace

json Units(int units) { return {{"value", StrCat(units)}}; }
json Yuan(int units) { return {{"currencyCode", "CNY"}, {"units", StrCat(units)}}; }

json Amount(const std::string& currency, const std::string& amount) {
  const size_t point = amount.find('.');
  std::string decimals = point == std::string::npos ? "" : amount.substr(point + 1);
  decimals.resize(9, '0');
  const int nanos = std::atoi(decimals.c_str());
  return {{"currencyCode", currency},
          {"units", amount.substr(0, point)},
          {"nanos", amount.starts_with('-') ? -nanos : nanos}};
}

json On(int year, int month, int day) { return {{"year", year}, {"month", month}, {"day", day}}; }
json On(const std::string& date) {
  return On(std::atoi(date.substr(0, 4).c_str()), std::atoi(date.substr(5, 2).c_str()),
            std::atoi(date.substr(8, 2).c_str()));
}

std::string Query(const std::string& field, const json& date) {
  return StrCat(field, ".year=", date.at("year").dump(), "&", field, ".month=", date.at("month").dump(), "&", field,
                ".day=", date.at("day").dump());
}
std::string Query(const std::string& field, absl::Time time) {
  return StrCat(field, "=", absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", time, absl::UTCTimeZone()));
}

std::string TextAt(const json& answer, const std::string& place) {
  const json::json_pointer pointer(place);
  return answer.contains(pointer) && answer.at(pointer).is_string() ? answer.at(pointer).get<std::string>() : "";
}

std::string MoneyAt(const json& answer, const std::string& place) {
  const json::json_pointer pointer(place);
  const json money = answer.contains(pointer) ? answer.at(pointer) : json::object();
  const std::string whole = money.value("units", "0");
  const int nanos = money.value("nanos", 0);
  std::string decimals = std::to_string(std::abs(nanos));
  decimals.insert(0, 9 - decimals.size(), '0');
  while (decimals.size() > 2 && decimals.ends_with('0')) decimals.pop_back();
  // Between -1 and 0 the units have no sign.
  return StrCat(nanos < 0 && !whole.starts_with('-') ? "-" : "", whole, ".", decimals);
}

http::Response GatewayUser::Send(const std::string& method, const std::string& target, const json& body) const {
  http::Request request{.method = method, .target = target, .headers = {{"authorization", "Bearer " + token_}}};
  if (!body.is_null()) {
    request.headers.emplace_back("content-type", "application/json");
    request.body = body.dump();
  }
  http::Response response{.status = 0};
  std::string broken;
  const bool answered = WaitUntil(
      [&] {
        auto answer = http::Fetch(suite_.address("gateway"), request, absl::Seconds(30));
        if (!answer.ok()) {
          broken = std::string(answer.status().message());
          return false;
        }
        response = *std::move(answer);
        return !Unanswered(response);
      },
      absl::Minutes(1));
  EXPECT_TRUE(answered) << method << " " << target << ": " << broken << response.body;
  return response;
}

json GatewayUser::Ask(const std::string& method, const std::string& target, const json& body) const {
  return Acknowledged(Send(method, target, body), target, body);
}

http::Response GatewayUser::Give(const std::string& target, json body) const {
  const std::string id = Uuid::New(absl::Now()).ToString();
  if (target.find(':') != std::string::npos) {
    body["requestId"] = id;
    return Send("POST", target, body);
  }
  return Send("POST", StrCat(target, target.find('?') == std::string::npos ? "?" : "&", "requestId=", id), body);
}

json GatewayUser::Do(const std::string& target, json body) const {
  return Acknowledged(Give(target, body), target, body);
}

std::vector<json> GatewayUser::List(const std::string& collection, const char* member) const {
  const std::string first = StrCat(collection, collection.find('?') == std::string::npos ? "?" : "&", "pageSize=1000");
  std::vector<json> all;
  for (std::string target = first; !target.empty();) {
    const json page = Get(target);
    if (page.contains(member)) all.insert(all.end(), page[member].begin(), page[member].end());
    const std::string next = TextAt(page, "/nextPageToken");
    target = next.empty() ? "" : StrCat(first, "&pageToken=", next);
  }
  return all;
}

std::string GatewayUser::Refusal(const std::string& target, const json& body) const {
  const http::Response response = Send("POST", target, body);
  EXPECT_GE(response.status, 400) << target << " is taken: " << response.body;
  const json error = json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  if (!error.is_object()) return "";
  for (const json& detail : error.value("details", json::array())) {
    if (detail.contains("reason")) return detail["reason"].get<std::string>();
  }
  return "";
}

}  // namespace tributary::testing
