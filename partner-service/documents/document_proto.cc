#include "partner-service/documents/document_proto.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {
namespace {

v1::Document In(DocumentState state, const Document& document) {
  v1::Document out;
  out.set_name(document.name());
  PutRevision(document.revision, &out);
  out.set_state(static_cast<v1::Document::State>(state));
  out.set_owner(document.owner());
  out.set_kind(static_cast<v1::Document::Kind>(document.kind));
  out.set_title(document.title);
  out.set_media_type(document.media_type);
  out.set_sha256(document.sha256);
  out.set_size_bytes(document.size_bytes);
  if (document.expires_on.has_value()) *out.mutable_expires_on() = wire::ToProto(*document.expires_on);
  out.set_notice_days(document.notice_days);
  out.set_attached_to(document.attached_to);
  return out;
}

}  // namespace

v1::Document ToProto(const Document& document, Date today) { return In(StateOn(document, today), document); }

absl::StatusOr<Document> FromProto(const v1::Document& document) {
  Document out{.kind = static_cast<DocumentKind>(document.kind()),
               .title = document.title(),
               .media_type = document.media_type(),
               .notice_days = document.notice_days(),
               .attached_to = document.attached_to()};
  if (!document.owner().empty()) {
    ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(document.owner(), "partners/{partner}", "owner"));
    out.owner_id = std::move(ids.front());
  }
  if (document.has_expires_on()) {
    const auto day = wire::FromProto(document.expires_on());
    if (!day.ok()) return AtField(day.status(), "expires_on");
    out.expires_on = *day;
  }
  return out;
}

absl::StatusOr<std::vector<DocumentKind>> KindsFromProto(const google::protobuf::RepeatedField<int>& kinds,
                                                         std::string_view field) {
  std::set<DocumentKind> set;
  for (int i = 0; i < kinds.size(); ++i) {
    if (kinds[i] == v1::Document::KIND_UNSPECIFIED) {
      return InvalidField(StrCat(field, "[", i, "]"), "KIND_UNSPECIFIED", "a kind of document");
    }
    set.insert(static_cast<DocumentKind>(kinds[i]));
  }
  return std::vector<DocumentKind>(set.begin(), set.end());
}

events::EventDraft Told(std::string_view verb, const Document& document) {
  return events::Draft(document.owner_id.empty() ? document.name() : document.owner_id, verb, document.name(),
                       In(document.told, document));
}

}  // namespace tributary::partner
