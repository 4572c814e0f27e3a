#include "common/paging/page_token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "absl/strings/escaping.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary {
namespace {

constexpr size_t kSecretBytes = 32;
constexpr size_t kTagBytes = 32;
constexpr size_t kMostTokenCharacters = 4096;

[[noreturn]] void Die(const char* what) {
  std::fprintf(stderr, "PageTokens: %s\n", what);
  std::abort();
}

std::string Hmac(std::string_view key, std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
           text.size(), digest, &size) == nullptr) {
    Die("HMAC failed");
  }
  return std::string(reinterpret_cast<const char*>(digest), size);
}

// The size in 4 bytes, then the text: no two lists of texts look alike.
void AppendSized(std::string* out, std::string_view text) {
  const auto size = static_cast<uint32_t>(text.size());
  for (int shift = 0; shift < 32; shift += 8) *out += static_cast<char>(size >> shift & 0xFF);
  *out += text;
}

bool ReadSized(std::string_view* in, std::string* out) {
  if (in->size() < 4) return false;
  uint32_t size = 0;
  for (int i = 0; i < 4; ++i) size |= static_cast<uint32_t>(static_cast<unsigned char>((*in)[i])) << (8 * i);
  in->remove_prefix(4);
  if (in->size() < size) return false;
  out->assign(in->substr(0, size));
  in->remove_prefix(size);
  return true;
}

// A token is a position of the caller's own list; what of it is echoed is enough to find it in a log, not to use it.
absl::Status Refuse(std::string_view token) {
  ErrorDetail detail;
  detail.reason = Reason::kPageTokenInvalid;
  detail.violations = {{"page_token", Printable(token, 8),
                        "the next_page_token of a page of this very query (same caller, parent, filter and order)"}};
  return WithDetail(absl::StatusCode::kInvalidArgument,
                    StrCat("page_token: got '", detail.violations[0].got, "', want ", detail.violations[0].want),
                    detail);
}

}  // namespace

std::string QueryFingerprint(std::initializer_list<std::string_view> parts) {
  std::string fingerprint;
  for (std::string_view part : parts) AppendSized(&fingerprint, part);
  return fingerprint;
}

absl::StatusOr<int> PageSize(int32_t asked, int standard, int most) {
  if (asked < 0) return InvalidField("page_size", StrCat(asked), StrCat("0 (for ", standard, ") to ", most));
  return asked == 0 ? standard : std::min<int>(asked, most);
}

PageTokens::PageTokens(std::string_view secret)
    : mac_key_(Hmac(secret, "tributary page token: mac")), stream_key_(Hmac(secret, "tributary page token: stream")) {
  if (secret.size() < kSecretBytes) Die("the secret is shorter than 32 bytes");
}

std::string PageTokens::Tag(std::string_view query_fingerprint, std::string_view position) const {
  std::string text;
  AppendSized(&text, query_fingerprint);
  text += position;
  return Hmac(mac_key_, text);
}

std::string PageTokens::Crypt(std::string_view tag, std::string_view text) const {
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                EVP_CIPHER_CTX_free);
  std::string out(text.size(), '\0');
  int size = 0;
  if (context == nullptr ||
      EVP_EncryptInit_ex(context.get(), EVP_aes_256_ctr(), nullptr,
                         reinterpret_cast<const unsigned char*>(stream_key_.data()),
                         reinterpret_cast<const unsigned char*>(tag.data())) != 1 ||
      EVP_EncryptUpdate(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size())) != 1) {
    Die("AES-256-CTR failed");
  }
  return out;
}

std::string PageTokens::Seal(std::string_view query_fingerprint, const std::vector<std::string>& last_key) const {
  std::string position;
  for (const std::string& column : last_key) AppendSized(&position, column);
  const std::string tag = Tag(query_fingerprint, position);
  return absl::WebSafeBase64Escape(tag + Crypt(tag, position));
}

absl::StatusOr<std::vector<std::string>> PageTokens::Open(std::string_view token,
                                                          std::string_view query_fingerprint) const {
  std::vector<std::string> last_key;
  if (token.empty()) return last_key;
  std::string sealed;
  // Base64 has many spellings of the same bytes; only the one that Seal writes is a token.
  if (token.size() > kMostTokenCharacters || !absl::WebSafeBase64Unescape(Abseil(token), &sealed) ||
      sealed.size() < kTagBytes || absl::WebSafeBase64Escape(sealed) != token) {
    return Refuse(token);
  }
  const std::string tag = sealed.substr(0, kTagBytes);
  const std::string position = Crypt(tag, std::string_view(sealed).substr(kTagBytes));
  if (CRYPTO_memcmp(Tag(query_fingerprint, position).data(), tag.data(), kTagBytes) != 0) return Refuse(token);
  for (std::string_view rest = position; !rest.empty();) {
    if (!ReadSized(&rest, &last_key.emplace_back())) return Refuse(token);
  }
  return last_key;
}

}  // namespace tributary
