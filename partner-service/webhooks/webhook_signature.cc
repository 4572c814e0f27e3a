#include "partner-service/webhooks/webhook_signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <cstdlib>

#include "absl/strings/escaping.h"
#include "common/text/text.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kPrefix = "whsec_";

std::string Base64(const unsigned char* bytes, size_t size) {
  return absl::Base64Escape(absl::string_view(reinterpret_cast<const char*>(bytes), size));
}

}  // namespace

std::string NewWebhookSecret() {
  unsigned char key[32];
  // Without randomness nothing may go on.
  if (RAND_bytes(key, sizeof key) != 1) std::abort();
  return StrCat(kPrefix, Base64(key, sizeof key));
}

std::string WebhookSignature(const std::vector<std::string>& secrets, std::string_view id, int64_t timestamp,
                             std::string_view body) {
  const std::string content = StrCat(id, ".", timestamp, ".", body);
  std::string signatures;
  for (const std::string_view secret : secrets) {
    std::string key;
    absl::Base64Unescape(Abseil(secret.substr(kPrefix.size())), &key);
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(content.data()),
         content.size(), mac, &size);
    StrAppend(&signatures, signatures.empty() ? "" : " ", "v1,", Base64(mac, size));
  }
  return signatures;
}

}  // namespace tributary::partner
