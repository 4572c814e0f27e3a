#pragma once

#include <algorithm>

#include "absl/time/time.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The revision after `revision`, at a moment that certainly lies after it: calls may come in another order than their
// clocks say, and each moment is to know one revision of what is read as of moments.
inline Revision After(const Revision& revision, absl::Time now) {
  return revision.Next(std::max(now, revision.update_time + absl::Microseconds(1)));
}

}  // namespace tributary::partner
