#pragma once

// Activities: what vendor and partner do together, or plan to, and what is to be done about it. Pure values and
// decisions.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/time/date.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class ActivityKind { kMeeting = 1, kNote = 2, kMarketNote = 3, kGoal = 4, kPlan = 5 };
enum class ActivityVisibility { kShared = 1, kVendorOnly = 2 };
std::string_view NameOf(ActivityKind kind);
std::string_view NameOf(ActivityVisibility visibility);

struct FollowUp {
  std::string id;  // unique in its activity; made up where empty
  std::string text;
  std::optional<Date> due;
  bool done = false;
  absl::Time done_time;  // once done
  std::string done_by;   // principal
  friend bool operator==(const FollowUp&, const FollowUp&) = default;
};

struct Activity {
  std::string partner_id;
  std::string id;
  Revision revision;
  ActivityKind kind = ActivityKind::kNote;
  std::string subject;
  std::string text;
  std::optional<Date> date;
  ActivityVisibility visibility = ActivityVisibility::kShared;
  std::vector<FollowUp> follow_ups;
  std::string author;  // principal
  bool by_partner = false;

  std::string name() const;  // partners/{partner_id}/activities/{id}
  // The earliest day of a follow-up that is not done.
  std::optional<Date> next_due() const;
};

// Who acts.
struct Actor {
  std::string principal;
  bool of_partner = false;
};

// What the vendor keeps to itself is not there for a partner.
bool IsSeenBy(const Activity& activity, const Actor& actor);

// The activity as its content says, made by `actor`: ids for follow-ups that have none, when and by whom those were
// done that are. Refused: INVALID_FIELD for texts of several lines, an id twice, VENDOR_ONLY by a partner.
absl::StatusOr<Activity> Make(const Activity& content, const Actor& actor, absl::Time now);
// `content` for that of `activity`, which the actor sees. A follow-up that keeps its id and stays done keeps when and
// by whom it was done. Refused as by Make.
absl::StatusOr<Activity> Change(const Activity& activity, const Activity& content, const Actor& actor, absl::Time now);
// PERMISSION_DENIED for a partner where the vendor made it.
absl::Status CheckRemovable(const Activity& activity, const Actor& actor);

}  // namespace tributary::partner
