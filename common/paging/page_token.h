#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace tributary {

// What a page token is bound to: the method, the caller's principal, the parent, the filter, the order and whatever
// else must stay the same from page to page (not page_size). Different parts never give the same fingerprint.
std::string QueryFingerprint(std::initializer_list<std::string_view> parts);

// The number of rows of a page: 0 asks for `standard`, more than `most` gets `most`, a negative one is INVALID_FIELD
// page_size.
absl::StatusOr<int> PageSize(int32_t asked, int standard = 50, int most = 1000);

// Seals positions in a list into tokens that their holder can neither read nor change nor use for another query.
// A token is SIV: HMAC-SHA256 over fingerprint and position, then the position in AES-256-CTR with the HMAC as its
// start, in base64url. The same position gives the same token; every process with the same secret opens it.
// Thread-safe.
class PageTokens {
 public:
  // `secret`: at least 32 random bytes, the same in every replica. A shorter one ends the process.
  explicit PageTokens(std::string_view secret);

  // `last_key`: the sort key of the last row of the page, column by column.
  std::string Seal(std::string_view query_fingerprint, const std::vector<std::string>& last_key) const;
  // The last key again; an empty one for the empty token, which asks for the first page. PAGE_TOKEN_INVALID where
  // anything is off.
  absl::StatusOr<std::vector<std::string>> Open(std::string_view token, std::string_view query_fingerprint) const;

 private:
  std::string Tag(std::string_view query_fingerprint, std::string_view position) const;
  std::string Crypt(std::string_view tag, std::string_view text) const;
  std::string mac_key_;
  std::string stream_key_;
};

}  // namespace tributary
