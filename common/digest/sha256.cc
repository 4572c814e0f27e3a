#include "common/digest/sha256.h"

#include <openssl/evp.h>

#include "absl/strings/escaping.h"
#include "common/text/text.h"

namespace tributary {

std::string Sha256(std::string_view bytes) {
  // Fetched once: EVP_sha256() makes OpenSSL 3 look the algorithm up again on each use.
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  std::string digest(32, '\0');
  EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, sha256, nullptr);
  return digest;
}

std::string Sha256Hex(std::string_view bytes) { return Hex(Sha256(bytes)); }

std::string Sha256Of(std::initializer_list<std::string_view> texts) {
  std::string all;
  for (const std::string_view text : texts) StrAppend(&all, text.size(), ":", text);
  return Sha256(all);
}

std::string Hex(std::string_view bytes) { return absl::BytesToHexString(Abseil(bytes)); }

}  // namespace tributary
