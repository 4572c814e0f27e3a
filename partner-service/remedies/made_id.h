#pragma once

#include <string>
#include <string_view>

#include "common/digest/sha256.h"
#include "common/text/text.h"

namespace tributary::partner {

// The id of what a step of a remedy makes: the same whoever asks again, and telling nothing of the case, of others'
// steps or how many there are.
inline std::string MadeIdOf(std::string_view remedy_uid, int order) {
  return StrCat("of-", Sha256Hex(StrCat(remedy_uid, "/", order)).substr(0, 32));
}

}  // namespace tributary::partner
