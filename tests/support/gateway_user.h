#pragma once

// An application that asks the gateway and wants an answer: what meets a process that has ended is asked again.

#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "common/http/message.h"
#include "nlohmann/json.hpp"
#include "tests/support/suite.h"

namespace tributary::testing {

// Values as requests state them.
nlohmann::json Units(int units);
nlohmann::json Yuan(int units);
// Up to nine decimals: Amount("USD", "-2500.00").
nlohmann::json Amount(const std::string& currency, const std::string& amount);
nlohmann::json On(int year, int month, int day);
// "2025-03-31".
nlohmann::json On(const std::string& date);
// Fields of a request in its query: "asOfDate.year=2025&asOfDate.month=3&asOfDate.day=31", "knownTime=2025-04-01T...".
std::string Query(const std::string& field, const nlohmann::json& date);
std::string Query(const std::string& field, absl::Time time);

// The text at a place of an answer, such as "/lines/0/confirmed/value"; empty where there is none.
std::string TextAt(const nlohmann::json& answer, const std::string& place);
// The money at a place of an answer with at least two decimals, "4382.995" or "1800.00"; "0.00" where there is none.
std::string MoneyAt(const nlohmann::json& answer, const std::string& place);

// Thread-safe.
class GatewayUser {
 public:
  // `suite` outlives it.
  GatewayUser(const TestSuite& suite, std::string token) : suite_(suite), token_(std::move(token)) {}

  // Asks until somebody answers, for up to a minute; `body` may be null.
  http::Response Send(const std::string& method, const std::string& target, const nlohmann::json& body = nullptr) const;
  // The answer; null where it is an error, which also fails the test.
  nlohmann::json Ask(const std::string& method, const std::string& target, const nlohmann::json& body = nullptr) const;
  nlohmann::json Get(const std::string& target) const { return Ask("GET", target); }
  // A command or a fact, given by one request id until it is acknowledged. The id is a parameter of a Create, and in
  // the body of a verb.
  nlohmann::json Do(const std::string& target, nlohmann::json body = nlohmann::json::object()) const;
  // The same, whatever is answered.
  http::Response Give(const std::string& target, nlohmann::json body = nlohmann::json::object()) const;
  // All members of a collection, whose list has them under `member`.
  std::vector<nlohmann::json> List(const std::string& collection, const char* member) const;
  // The reason why a command is refused; empty, which also fails the test, where it is not.
  std::string Refusal(const std::string& target, const nlohmann::json& body = nlohmann::json::object()) const;

 private:
  const TestSuite& suite_;
  const std::string token_;
};

}  // namespace tributary::testing
