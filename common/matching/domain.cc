#include "common/matching/domain.h"

#include <unicode/bytestream.h>
#include <unicode/idna.h>
#include <unicode/stringpiece.h>

#include <algorithm>
#include <array>
#include <memory>

namespace tributary::matching {
namespace {

constexpr std::array<std::string_view, 26> kMailProviders = {
    "126.com",  "139.com", "163.com",        "aliyun.com",  "aol.com",        "foxmail.com", "gmail.com",
    "gmx.de",   "gmx.net", "googlemail.com", "hotmail.com", "icloud.com",     "live.com",    "mail.ru",
    "me.com",   "msn.com", "outlook.com",    "proton.me",   "protonmail.com", "qq.com",      "sina.com",
    "sohu.com", "web.de",  "yahoo.com",      "yandex.ru",   "yeah.net"};

// Under which countries register names: example.co.uk, example.com.cn.
constexpr std::array<std::string_view, 27> kSecondLevels = {
    "ac",  "asn",  "co",  "com", "ed",  "edu", "firm", "gen", "go",  "gob", "gov", "gouv", "id", "idv",
    "ind", "info", "ltd", "me",  "mil", "ne",  "net",  "nic", "nom", "or",  "org", "plc",  "sch"};

}  // namespace

std::string DomainKey(std::string_view domain) {
  UErrorCode code = U_ZERO_ERROR;
  const std::unique_ptr<icu::IDNA> idna(
      icu::IDNA::createUTS46Instance(UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_NONTRANSITIONAL_TO_ASCII, code));
  if (U_FAILURE(code)) return "";
  std::string ascii;
  icu::StringByteSink<std::string> sink(&ascii);
  icu::IDNAInfo info;
  if (domain.ends_with('.')) domain.remove_suffix(1);
  idna->nameToASCII_UTF8(icu::StringPiece(domain.data(), static_cast<int32_t>(domain.size())), sink, info, code);
  if (U_FAILURE(code) || info.hasErrors()) return "";
  if (ascii.starts_with("www.") && ascii.find('.', 4) != std::string::npos) ascii.erase(0, 4);
  const size_t dot = ascii.rfind('.');
  // One label is no domain, and a last one of digits is an address.
  if (dot == std::string::npos || dot + 1 == ascii.size() || (ascii[dot + 1] >= '0' && ascii[dot + 1] <= '9'))
    return "";
  return ascii;
}

std::string RegistrableDomain(std::string_view text) {
  if (const size_t scheme = text.find("://"); scheme != std::string_view::npos) text.remove_prefix(scheme + 3);
  text = text.substr(0, text.find_first_of("/?#"));
  if (const size_t at = text.rfind('@'); at != std::string_view::npos) text.remove_prefix(at + 1);
  text = text.substr(0, text.find(':'));
  const std::string key = DomainKey(text);
  if (key.empty() || IsMailProvider(key)) return "";
  const size_t last = key.rfind('.');
  size_t start = key.rfind('.', last - 1);
  if (start == std::string::npos) return key;
  const std::string_view second = std::string_view(key).substr(start + 1, last - start - 1);
  const bool country = key.size() - last == 3;
  if (country && std::find(kSecondLevels.begin(), kSecondLevels.end(), second) != kSecondLevels.end()) {
    start = start == 0 ? std::string::npos : key.rfind('.', start - 1);
    if (start == std::string::npos) return key;
  }
  std::string registrable = key.substr(start + 1);
  return IsMailProvider(registrable) ? "" : registrable;
}

bool IsMailProvider(std::string_view key) {
  return std::find(kMailProviders.begin(), kMailProviders.end(), key) != kMailProviders.end();
}

}  // namespace tributary::matching
