#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tributary::http {

using Headers = std::vector<std::pair<std::string, std::string>>;  // names in lower case

// The first value under `name` (in lower case); empty where there is none.
inline std::string_view HeaderOf(const Headers& headers, std::string_view name) {
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& one) { return one.first == name; });
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

struct Request {
  std::string method;  // as sent: "GET"
  std::string target;  // as sent, still percent-encoded: "/v1/partners?page_size=10"
  Headers headers;
  std::string body;

  std::string_view Header(std::string_view name) const { return HeaderOf(headers, name); }
  std::string_view Path() const { return std::string_view(target).substr(0, target.find('?')); }
  // What stands behind the '?'.
  std::string_view Query() const {
    const size_t mark = target.find('?');
    return mark == std::string::npos ? std::string_view() : std::string_view(target).substr(mark + 1);
  }
};

struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  Headers headers;  // beside Content-Type, Content-Length, Date and Connection

  std::string_view Header(std::string_view name) const { return HeaderOf(headers, name); }
};

}  // namespace tributary::http
