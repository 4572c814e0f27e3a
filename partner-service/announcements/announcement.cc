#include "partner-service/announcements/announcement.h"

#include <algorithm>
#include <set>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/name_lists.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

bool Holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::string_view NameOf(AnnouncementState state) {
  switch (state) {
    case AnnouncementState::kDraft:
      return "DRAFT";
    case AnnouncementState::kPublished:
      return "PUBLISHED";
    case AnnouncementState::kWithdrawn:
      return "WITHDRAWN";
  }
  return "STATE_UNSPECIFIED";
}

std::string Announcement::name() const { return StrCat("announcements/", id); }

bool IsFor(const Audience& audience, const Listener& listener) {
  const auto among = [](const std::vector<std::string>& wanted, const std::vector<std::string>& had) {
    return wanted.empty() ||
           std::any_of(had.begin(), had.end(), [&](const std::string& name) { return Holds(wanted, name); });
  };
  if (!audience.channels.empty() && !Holds(audience.channels, listener.channel)) return false;
  if (!audience.partners.empty() && !Holds(audience.partners, listener.partner)) return false;
  return among(audience.regions, listener.lies_in) && among(audience.levels, listener.levels);
}

absl::Status CheckContent(const Announcement& announcement) {
  std::vector<FieldViolation> violations;
  const Audience& audience = announcement.audience;
  CheckNames("audience.channels", "channels/{channel}", audience.channels, &violations);
  CheckNames("audience.regions", "regions/{region}", audience.regions, &violations);
  CheckNames("audience.partners", "partners/{partner}", audience.partners, &violations);
  CheckNames("audience.levels", "partnerPrograms/{partner_program}/levels/{level}", audience.levels, &violations);
  CheckDistinct("audience.channels", audience.channels, &violations);
  CheckDistinct("audience.regions", audience.regions, &violations);
  CheckDistinct("audience.partners", audience.partners, &violations);
  CheckDistinct("audience.levels", audience.levels, &violations);
  std::set<std::string_view> locales;
  for (size_t i = 0; i < announcement.texts.size(); ++i) {
    const AnnouncementText& text = announcement.texts[i];
    if (!locales.insert(text.locale).second) {
      violations.push_back({StrCat("texts[", i, "].locale"), text.locale, "each language once"});
    }
    CheckOneLine(StrCat("texts[", i, "].title"), text.title, &violations);
  }
  return AllOf(std::move(violations));
}

absl::StatusOr<Announcement> Publish(const Announcement& announcement, absl::Time now) {
  if (announcement.state != AnnouncementState::kDraft) {
    return WrongState(announcement.name(), "publish", NameOf(announcement.state), "DRAFT");
  }
  Announcement published = announcement;
  published.state = AnnouncementState::kPublished;
  published.publish_time = now;
  published.revision = announcement.revision.Next(now);
  return published;
}

absl::StatusOr<Announcement> Withdraw(const Announcement& announcement, absl::Time now) {
  if (announcement.state == AnnouncementState::kWithdrawn) {
    return WrongState(announcement.name(), "withdraw", NameOf(announcement.state), "DRAFT or PUBLISHED");
  }
  Announcement withdrawn = announcement;
  withdrawn.state = AnnouncementState::kWithdrawn;
  withdrawn.revision = announcement.revision.Next(now);
  return withdrawn;
}

}  // namespace tributary::partner
