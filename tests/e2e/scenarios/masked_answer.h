#pragma once

// For tests of what a user must not learn: of what is another's it is told what it is told of what is not there.

#include <string>

#include "common/text/text.h"
#include "nlohmann/json.hpp"
#include "tests/support/gateway_user.h"

namespace tributary::testing {

// What the user is told of `name`, or of a verb on it (":win") or a collection below it ("/evidence"), without the name
// itself: "404 {...}".
inline std::string MaskedAnswer(const GatewayUser& user, const std::string& method, const std::string& name,
                                const std::string& more = "", const nlohmann::json& body = nullptr) {
  const http::Response response = user.Send(method, StrCat("/v1/", name, more), body);
  std::string text = response.body;
  for (size_t at; (at = text.find(name)) != std::string::npos;) text.replace(at, name.size(), "(name)");
  return StrCat(response.status, " ", text);
}

}  // namespace tributary::testing
