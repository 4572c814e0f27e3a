#pragma once

#include <cstdint>

#include "absl/time/time.h"
#include "common/ids/uuid.h"

namespace tributary::partner {

// What every stored resource carries beside its content.
struct Revision {
  Uuid uid;             // unique for all time, also where an id is given again
  int64_t version = 1;  // the etag
  absl::Time create_time;
  absl::Time update_time;

  static Revision First(absl::Time now) { return {Uuid::New(now), 1, now, now}; }
  Revision Next(absl::Time now) const { return {uid, version + 1, create_time, now}; }
  friend bool operator==(const Revision&, const Revision&) = default;
};

}  // namespace tributary::partner
