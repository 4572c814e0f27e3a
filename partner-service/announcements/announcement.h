#pragma once

// Announcements: what the vendor tells its partners. DRAFT -> PUBLISHED, and from both to WITHDRAWN. Pure values and
// decisions.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class AnnouncementState { kDraft = 1, kPublished = 2, kWithdrawn = 3 };
std::string_view NameOf(AnnouncementState state);

struct AnnouncementText {
  std::string locale;
  std::string title;
  std::string body;
  friend bool operator==(const AnnouncementText&, const AnnouncementText&) = default;
};

// Whom an announcement is for: who fulfils every list that is not empty.
struct Audience {
  std::vector<std::string> channels;  // channels/{channel}
  std::vector<std::string> regions;   // regions/{region}, each with all that lies in it
  std::vector<std::string> partners;  // partners/{partner}
  std::vector<std::string> levels;    // partnerPrograms/{partner_program}/levels/{level}
  friend bool operator==(const Audience&, const Audience&) = default;
};

struct Announcement {
  std::string id;
  Revision revision;
  AnnouncementState state = AnnouncementState::kDraft;
  Audience audience;
  std::vector<AnnouncementText> texts;
  absl::Time publish_time;  // once PUBLISHED

  std::string name() const;  // announcements/{id}
};

// Who looks.
struct Listener {
  std::string partner;               // partners/{partner}
  std::string channel;               // empty where it has none
  std::vector<std::string> lies_in;  // its home region and all that that lies in; empty where it has none
  std::vector<std::string> levels;   // that it holds
};
bool IsFor(const Audience& audience, const Listener& listener);

struct Receipt {
  std::string announcement_id;
  std::string partner_id;
  std::string principal;
  absl::Time acknowledge_time;
};

// INVALID_FIELD: names that are malformed or there twice, a language twice, a title of several lines.
absl::Status CheckContent(const Announcement& announcement);

// Refused: not DRAFT.
absl::StatusOr<Announcement> Publish(const Announcement& announcement, absl::Time now);
// Refused: WITHDRAWN.
absl::StatusOr<Announcement> Withdraw(const Announcement& announcement, absl::Time now);

}  // namespace tributary::partner
