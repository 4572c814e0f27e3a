#include "partner-service/documents/document.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

// A kind of bytes that is kept. What a browser would run (HTML, SVG) is not among them.
struct MediaType {
  std::string_view name;
  std::string_view begins_with;  // empty for texts, which are UTF-8 without NUL
};
constexpr std::string_view kZip("PK\x03\x04", 4);
constexpr std::array<MediaType, 7> kMediaTypes = {{
    {"application/pdf", "%PDF-"},
    {"image/jpeg", "\xff\xd8\xff"},
    {"image/png", "\x89PNG\r\n\x1a\n"},
    {"text/plain", ""},
    {"text/csv", ""},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", kZip},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", kZip},
}};

// Null where it is none that is kept.
const MediaType* Find(std::string_view name) {
  const auto* type =
      std::find_if(kMediaTypes.begin(), kMediaTypes.end(), [&](const MediaType& one) { return one.name == name; });
  return type == kMediaTypes.end() ? nullptr : type;
}

std::string MediaTypeNames() {
  std::vector<std::string_view> names;
  for (const MediaType& type : kMediaTypes) names.push_back(type.name);
  return StrJoin(names, ", ");
}

// collection/id, once or more often.
bool IsResourceName(std::string_view name) {
  int segments = 0;
  for (size_t from = 0; from <= name.size(); ++segments) {
    const size_t to = std::min(name.find('/', from), name.size());
    const std::string_view segment = name.substr(from, to - from);
    const bool fits = !segment.empty() && std::all_of(segment.begin(), segment.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             std::string_view("._~-").find(c) != std::string_view::npos;
    });
    if (!fits) return false;
    from = to + 1;
  }
  return segments % 2 == 0;
}

}  // namespace

std::string_view NameOf(DocumentKind kind) {
  switch (kind) {
    case DocumentKind::kContract:
      return "CONTRACT";
    case DocumentKind::kLicense:
      return "LICENSE";
    case DocumentKind::kCertificate:
      return "CERTIFICATE";
    case DocumentKind::kIdentity:
      return "IDENTITY";
    case DocumentKind::kClaimProof:
      return "CLAIM_PROOF";
    case DocumentKind::kCaseEvidence:
      return "CASE_EVIDENCE";
    case DocumentKind::kOther:
      return "OTHER";
  }
  return "KIND_UNSPECIFIED";
}

std::string_view NameOf(DocumentState state) {
  switch (state) {
    case DocumentState::kValid:
      return "VALID";
    case DocumentState::kExpiring:
      return "EXPIRING";
    case DocumentState::kExpired:
      return "EXPIRED";
  }
  return "STATE_UNSPECIFIED";
}

std::string Document::name() const { return StrCat("documents/", id); }
std::string Document::owner() const { return owner_id.empty() ? "" : StrCat("partners/", owner_id); }

absl::Status CheckDocument(const Document& document) {
  std::vector<FieldViolation> violations;
  CheckOneLine("title", document.title, &violations);
  if (Find(document.media_type) == nullptr) {
    violations.push_back({"media_type", Printable(document.media_type), StrCat("one of ", MediaTypeNames())});
  }
  if (document.expires_on.has_value() && OpenEnd() <= *document.expires_on) {
    violations.push_back(
        {"expires_on", document.expires_on->ToString(), StrCat("a day before ", OpenEnd().ToString(), ", or none")});
  }
  if (document.notice_days > 0 && !document.expires_on.has_value()) {
    violations.push_back({"notice_days", StrCat(document.notice_days), "0 without expires_on"});
  }
  if (!document.attached_to.empty()) {
    const std::string_view partner = PartnerOf(document.attached_to);
    if (!IsResourceName(document.attached_to)) {
      violations.push_back(
          {"attached_to", Printable(document.attached_to), "a resource name such as partners/p1/agreements/a1"});
    } else if (!document.owner_id.empty() && !partner.empty() && partner != document.owner_id) {
      violations.push_back({"attached_to", document.attached_to,
                            StrCat("a resource of the owner, ", document.owner(), ", or of no partner")});
    }
  }
  return AllOf(std::move(violations));
}

absl::Status CheckContent(std::string_view media_type, std::string_view content) {
  if (content.empty() || content.size() > kMaxDocumentBytes) {
    return InvalidField("content", StrCat(content.size(), " bytes"), StrCat("1 to ", kMaxDocumentBytes, " bytes"));
  }
  const MediaType& type = *Find(media_type);
  if (type.begins_with.empty()) {
    if (IsUtf8(content) && content.find('\0') == std::string_view::npos) return absl::OkStatus();
    return InvalidField("content", "bytes that are no text", StrCat(media_type, ": UTF-8 without NUL"));
  }
  if (content.starts_with(type.begins_with)) return absl::OkStatus();
  return InvalidField("content", StrCat("bytes that begin with ", Printable(content.substr(0, 8))),
                      StrCat(media_type, ": bytes that begin with ", Printable(type.begins_with)));
}

DocumentState StateOn(const Document& document, Date today) {
  if (!document.expires_on.has_value()) return DocumentState::kValid;
  if (*document.expires_on < today) return DocumentState::kExpired;
  if (document.notice_days > 0 && document.expires_on->AddDays(-document.notice_days) <= today) {
    return DocumentState::kExpiring;
  }
  return DocumentState::kValid;
}

std::optional<Date> NextNotice(const Document& document) {
  if (!document.expires_on.has_value() || document.told == DocumentState::kExpired) return std::nullopt;
  if (document.told == DocumentState::kValid && document.notice_days > 0) {
    return document.expires_on->AddDays(-document.notice_days);
  }
  return document.expires_on->AddDays(1);
}

std::optional<Document> Notified(const Document& document, Date today, absl::Time now) {
  const DocumentState state = StateOn(document, today);
  if (state <= document.told) return std::nullopt;
  Document next = document;
  next.told = state;
  next.revision = document.revision.Next(now);
  return next;
}

Document Release(const Document& document, absl::Time now) {
  Document next = document;
  next.owner_id.clear();
  next.revision = document.revision.Next(now);
  return next;
}

}  // namespace tributary::partner
