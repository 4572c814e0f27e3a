#include "partner-service/announcements/announcement_proto.h"

#include <string>
#include <vector>

#include "common/text/text.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {
namespace {

using Texts = google::protobuf::RepeatedPtrField<std::string>;

std::vector<std::string> List(const Texts& texts) { return {texts.begin(), texts.end()}; }

void PutTexts(const Announcement& announcement, google::protobuf::RepeatedPtrField<v1::Announcement::Text>* out) {
  for (const AnnouncementText& text : announcement.texts) {
    v1::Announcement::Text& one = *out->Add();
    one.set_locale(text.locale);
    one.set_title(text.title);
    one.set_body(text.body);
  }
}

}  // namespace

v1::Announcement ToProto(const Announcement& announcement) {
  v1::Announcement out;
  out.set_name(announcement.name());
  PutRevision(announcement.revision, &out);
  out.set_state(static_cast<v1::Announcement::State>(announcement.state));
  const Audience& audience = announcement.audience;
  if (audience != Audience()) {
    *out.mutable_audience()->mutable_channels() = {audience.channels.begin(), audience.channels.end()};
    *out.mutable_audience()->mutable_regions() = {audience.regions.begin(), audience.regions.end()};
    *out.mutable_audience()->mutable_partners() = {audience.partners.begin(), audience.partners.end()};
    *out.mutable_audience()->mutable_levels() = {audience.levels.begin(), audience.levels.end()};
  }
  PutTexts(announcement, out.mutable_texts());
  if (announcement.publish_time != absl::Time()) {
    *out.mutable_publish_time() = wire::ToProto(announcement.publish_time);
  }
  return out;
}

v1::PartnerAnnouncement ToPartnerProto(const Announcement& announcement) {
  v1::PartnerAnnouncement out;
  out.set_name(announcement.name());
  PutTexts(announcement, out.mutable_texts());
  *out.mutable_publish_time() = wire::ToProto(announcement.publish_time);
  return out;
}

v1::AnnouncementReceipt ToProto(const Receipt& receipt) {
  v1::AnnouncementReceipt out;
  out.set_announcement(StrCat("announcements/", receipt.announcement_id));
  out.set_partner(StrCat("partners/", receipt.partner_id));
  out.set_principal(receipt.principal);
  *out.mutable_acknowledge_time() = wire::ToProto(receipt.acknowledge_time);
  return out;
}

Announcement FromProto(const v1::Announcement& announcement) {
  Announcement out{.audience = {.channels = List(announcement.audience().channels()),
                                .regions = List(announcement.audience().regions()),
                                .partners = List(announcement.audience().partners()),
                                .levels = List(announcement.audience().levels())}};
  for (const v1::Announcement::Text& text : announcement.texts()) {
    out.texts.push_back({text.locale(), text.title(), text.body()});
  }
  return out;
}

events::EventDraft Told(std::string_view verb, const Announcement& announcement) {
  return events::Draft(announcement.name(), verb, announcement.name(), ToProto(announcement));
}

events::EventDraft Told(std::string_view verb, const Receipt& receipt) {
  return events::Draft(receipt.partner_id, verb, StrCat("announcements/", receipt.announcement_id), ToProto(receipt));
}

}  // namespace tributary::partner
