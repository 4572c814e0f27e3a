#pragma once

// libcjose's objects with owners.

#include <cjose/cjose.h>

#include <memory>
#include <string>

#include "nlohmann/json.hpp"

namespace tributary::auth::jose {

struct Release {
  void operator()(cjose_jwk_t* key) const { cjose_jwk_release(key); }
  void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
  void operator()(cjose_header_t* header) const { cjose_header_release(header); }
  void operator()(char* text) const { cjose_get_dealloc()(text); }
};
using Key = std::unique_ptr<cjose_jwk_t, Release>;
using Jws = std::unique_ptr<cjose_jws_t, Release>;
using Header = std::unique_ptr<cjose_header_t, Release>;
using Text = std::unique_ptr<char, Release>;

// The text of a JSON object's member; empty where it is absent or not a text.
inline std::string TextMember(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace tributary::auth::jose
