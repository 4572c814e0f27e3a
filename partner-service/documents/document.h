#pragma once

// Documents: what they are, whether their bytes are what they say, and until when they hold. Pure values and decisions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/time/date.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class DocumentKind {
  kContract = 1,
  kLicense = 2,
  kCertificate = 3,
  kIdentity = 4,
  kClaimProof = 5,
  kCaseEvidence = 6,
  kOther = 7
};
enum class DocumentState { kValid = 1, kExpiring = 2, kExpired = 3 };
std::string_view NameOf(DocumentKind kind);
std::string_view NameOf(DocumentState state);

inline constexpr int64_t kMaxDocumentBytes = 6 * 1024 * 1024;

struct Document {
  std::string id;
  Revision revision;
  std::string owner_id;  // of a partner; empty for the vendor's own
  DocumentKind kind = DocumentKind::kOther;
  std::string title;
  std::string media_type;
  std::string sha256;  // of its bytes, 64 lower-case hexadecimal digits
  int64_t size_bytes = 0;
  std::optional<Date> expires_on;  // the last day on which it holds
  int notice_days = 0;
  std::string attached_to;                     // a resource name, or empty
  DocumentState told = DocumentState::kValid;  // what the feed knows of its state

  std::string name() const;   // documents/{id}
  std::string owner() const;  // partners/{owner_id}, or empty
};

// INVALID_FIELD, each that is wrong: the title is no single line; the media type is none that is kept; expires_on
// leaves no day after it; notice without a last day; attached_to is no resource name, or another partner's than the
// owner.
absl::Status CheckDocument(const Document& document);

// INVALID_FIELD (content): no bytes, too many, or such as are not of this media type, which is one that is kept.
absl::Status CheckContent(std::string_view media_type, std::string_view content);

// EXPIRING from notice_days before the last day, EXPIRED after it.
DocumentState StateOn(const Document& document, Date today);

// The first day on which the feed is to be told something that it does not know yet; none where there is no such day.
std::optional<Date> NextNotice(const Document& document);

// The document after the feed has been told its state of `today`; none where it knows.
std::optional<Document> Notified(const Document& document, Date today, absl::Time now);

// The document of a partner that never was: the vendor's own from now on.
Document Release(const Document& document, absl::Time now);

}  // namespace tributary::partner
