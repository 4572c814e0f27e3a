#include "inventory-service/partner_reports/digest.h"

#include <openssl/evp.h>

#include <array>

#include "absl/strings/escaping.h"
#include "common/text/text.h"

namespace tributary::inventory {

std::string Sha256(std::string_view bytes) {
  // Fetched once: EVP_sha256() makes OpenSSL 3 look the algorithm up again on each use.
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  std::array<unsigned char, 32> digest{};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, sha256, nullptr);
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string Sha256Of(std::initializer_list<std::string_view> texts) {
  std::string all;
  for (const std::string_view text : texts) StrAppend(&all, text.size(), ":", text);
  return Sha256(all);
}

std::string Hex(std::string_view bytes) { return absl::BytesToHexString(Abseil(bytes)); }

}  // namespace tributary::inventory
