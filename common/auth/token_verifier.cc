#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "common/auth/jose.h"
#include "common/auth/token_cache.h"
#include "common/auth/tokens.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::auth {
namespace {

using nlohmann::json;

constexpr size_t kMaxTokenBytes = 8192;
constexpr size_t kMaxSubjectBytes = 255;
constexpr size_t kCachedTokens = 16384;
constexpr size_t kEs256SignatureLength = 86;  // 64 bytes in base64url
constexpr size_t kMinRsaBits = 2048;
// How far a signer's clock may be ahead of ours.
constexpr absl::Duration kClockSkew = absl::Seconds(5);
// 9999-12-31T23:59:59Z: a later `exp` is an error of whoever wrote it.
constexpr int64_t kMaxSeconds = 253402300799;

struct PinnedKey {
  jose::Key key;
  std::string alg;
};

absl::Status Refused(std::string_view why) { return Error(Reason::kUnauthenticated, StrCat("token: ", why)); }

// Whether `part` is base64url without padding in its one spelling. The library reads it more leniently: a signature
// with something behind it would verify too, and one good token could fill the cache with its spellings.
bool IsBase64Url(std::string_view part) {
  static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  if (part.empty() || part.size() % 4 == 1 || part.find_first_not_of(kAlphabet) != std::string_view::npos) return false;
  const size_t last = kAlphabet.find(part.back());
  return part.size() % 4 == 2 ? last % 16 == 0 : part.size() % 4 == 3 ? last % 4 == 0 : true;
}

// The third part of a token of three; empty for anything else.
std::string_view SignatureOf(std::string_view token) {
  const size_t first = token.find('.');
  const size_t last = token.rfind('.');
  if (first == std::string_view::npos || first == last) return {};
  const std::string_view parts[] = {token.substr(0, first), token.substr(first + 1, last - first - 1),
                                    token.substr(last + 1)};
  return IsBase64Url(parts[0]) && IsBase64Url(parts[1]) && IsBase64Url(parts[2]) ? parts[2] : std::string_view();
}

absl::StatusOr<PinnedKey> ReadKey(const json& jwk, std::string_view where) {
  if (!jwk.is_object()) return InvalidField(where, jwk.type_name(), "an object");
  const std::string kty = jose::TextMember(jwk, "kty");
  const std::string alg = jose::TextMember(jwk, "alg");
  if (alg == "ES256") {
    if (kty != "EC" || jose::TextMember(jwk, "crv") != "P-256") {
      return InvalidField(where, StrCat("kty ", kty, ", crv ", jose::TextMember(jwk, "crv")), "EC and P-256 for ES256");
    }
  } else if (alg == "RS256" || alg == "PS256") {
    if (kty != "RSA") return InvalidField(where, StrCat("kty ", kty), StrCat("RSA for ", alg));
  } else {
    return InvalidField(StrCat(where, ".alg"), alg, "ES256, RS256 or PS256");
  }
  if (jwk.contains("d")) return InvalidField(where, "a private key", "a public one");
  if (jwk.contains("use") && jose::TextMember(jwk, "use") != "sig") {
    return InvalidField(StrCat(where, ".use"), jose::TextMember(jwk, "use"), "sig");
  }
  const std::string text = jwk.dump(-1, ' ', false, json::error_handler_t::replace);
  cjose_err error{};
  jose::Key key(cjose_jwk_import(text.data(), text.size(), &error));
  if (key == nullptr) return InvalidField(where, error.message == nullptr ? "" : error.message, "a JSON Web Key");
  if (kty == "RSA" && cjose_jwk_get_keysize(key.get(), nullptr) < kMinRsaBits) {
    return InvalidField(where, StrCat(cjose_jwk_get_keysize(key.get(), nullptr), " bits"),
                        StrCat("at least ", kMinRsaBits));
  }
  return PinnedKey{std::move(key), alg};
}

// The seconds of a NumericDate; nullopt where it is not a whole number in range.
std::optional<absl::Time> TimeOf(const json& value) {
  if (!value.is_number_integer()) return std::nullopt;
  if (value.is_number_unsigned() && value.get<uint64_t>() > static_cast<uint64_t>(kMaxSeconds)) return std::nullopt;
  const int64_t seconds = value.get<int64_t>();
  if (seconds < 0 || seconds > kMaxSeconds) return std::nullopt;
  return absl::FromUnixSeconds(seconds);
}

bool MeansUs(const json& audience) {
  if (audience.is_string()) return audience.get_ref<const std::string&>() == kAudience;
  if (!audience.is_array()) return false;
  return std::any_of(audience.begin(), audience.end(),
                     [](const json& one) { return one.is_string() && one.get_ref<const std::string&>() == kAudience; });
}

struct Verified {
  Identity identity;
  absl::Time not_before = absl::InfinitePast();
  absl::Time expires;
};

absl::Status ReadRoles(const json& roles, Identity* identity) {
  if (!roles.is_array() || roles.empty()) return Refused("roles must be a list of at least one role");
  for (const json& one : roles) {
    api::v1::Role role = api::v1::ROLE_UNSPECIFIED;
    if (!one.is_string() || !api::v1::Role_Parse(one.get_ref<const std::string&>(), &role) ||
        role == api::v1::ROLE_UNSPECIFIED) {
      return Refused("roles names an unknown role");
    }
    if (!identity->Has(role)) identity->roles.push_back(role);
  }
  return absl::OkStatus();
}

absl::StatusOr<Verified> ReadClaims(const json& claims, absl::Time now) {
  if (!claims.is_object()) return Refused("claims are not an object");
  if (jose::TextMember(claims, "iss") != kIssuer) return Refused("wrong iss");
  if (!claims.contains("aud") || !MeansUs(claims["aud"])) return Refused("wrong aud");
  Verified verified;
  const std::optional<absl::Time> expires = claims.contains("exp") ? TimeOf(claims["exp"]) : std::nullopt;
  if (!expires.has_value()) return Refused("exp is missing or not in whole seconds");
  if (now >= *expires) return Error(Reason::kTokenExpired, "the token has expired");
  verified.expires = *expires;
  if (claims.contains("nbf")) {
    const std::optional<absl::Time> not_before = TimeOf(claims["nbf"]);
    if (!not_before.has_value()) return Refused("nbf is not in whole seconds");
    verified.not_before = *not_before - kClockSkew;
    if (now < verified.not_before) return Refused("not valid yet");
  }
  Identity& identity = verified.identity;
  identity.subject = jose::TextMember(claims, "sub");
  if (identity.subject.empty() || identity.subject.size() > kMaxSubjectBytes) {
    return Refused(StrCat("sub must have 1 to ", kMaxSubjectBytes, " bytes"));
  }
  if (!claims.contains("roles")) return Refused("roles are missing");
  RETURN_IF_ERROR(ReadRoles(claims["roles"], &identity));
  if (claims.contains("partner")) {
    identity.partner = jose::TextMember(claims, "partner");
    if (!IsResourceId(identity.partner)) return Refused("partner is not a partner id");
  }
  if (identity.Has(api::v1::PARTNER_USER) == identity.partner.empty()) {
    return Refused("partner must come with the role PARTNER_USER, and only with it");
  }
  return verified;
}

}  // namespace

struct TokenVerifier::State {
  std::map<std::string, PinnedKey, std::less<>> keys;  // by kid
  mutable TokenCache cache{kCachedTokens};
};

TokenVerifier::TokenVerifier() : state_(std::make_unique<State>()) {}
TokenVerifier::~TokenVerifier() = default;

absl::StatusOr<std::unique_ptr<TokenVerifier>> TokenVerifier::FromJwks(std::string_view jwks_json) {
  const json jwks = json::parse(jwks_json, nullptr, /*allow_exceptions=*/false);
  if (!jwks.is_object() || !jwks.contains("keys") || !jwks["keys"].is_array() || jwks["keys"].empty()) {
    return InvalidField("jwks", Printable(jwks_json, 40), "{\"keys\": [...]} with at least one public key");
  }
  auto verifier = std::unique_ptr<TokenVerifier>(new TokenVerifier);
  for (size_t i = 0; i < jwks["keys"].size(); ++i) {
    const std::string where = StrCat("jwks.keys[", i, "]");
    ASSIGN_OR_RETURN(PinnedKey key, ReadKey(jwks["keys"][i], where));
    const std::string kid = jose::TextMember(jwks["keys"][i], "kid");
    if (kid.empty()) return InvalidField(StrCat(where, ".kid"), "", "a key id");
    if (!verifier->state_->keys.emplace(kid, std::move(key)).second) {
      return InvalidField(StrCat(where, ".kid"), kid, "an id that no other key has");
    }
  }
  return verifier;
}

absl::StatusOr<std::shared_ptr<const Identity>> TokenVerifier::Verify(std::string_view token, absl::Time now) const {
  if (token.empty()) return Error(Reason::kUnauthenticated, "no token came with the call");
  if (token.size() > kMaxTokenBytes) return Refused(StrCat("longer than ", kMaxTokenBytes, " bytes"));
  const TokenHash hash = HashOf(token);
  if (std::shared_ptr<const Identity> known = state_->cache.Find(hash, now)) return known;

  const std::string_view signature = SignatureOf(token);
  if (signature.empty()) return Refused("not a signed token");
  jose::Jws jws(cjose_jws_import(token.data(), token.size(), nullptr));
  if (jws == nullptr) return Refused("not a signed token");
  cjose_header_t* header = cjose_jws_get_protected(jws.get());
  const char* kid = cjose_header_get(header, CJOSE_HDR_KID, nullptr);
  const char* alg = cjose_header_get(header, CJOSE_HDR_ALG, nullptr);
  if (kid == nullptr || alg == nullptr) return Refused("its header has no kid or no alg");
  // An extension that the signer marks as one that must be understood; none is.
  if (jose::Text crit(cjose_header_get_raw(header, "crit", nullptr)); crit != nullptr) return Refused("unknown crit");
  const auto key = state_->keys.find(std::string_view(kid));
  if (key == state_->keys.end()) return Refused("unknown kid");
  if (key->second.alg != alg) return Refused("its alg is not that of the key");
  if (alg == std::string_view("ES256") && signature.size() != kEs256SignatureLength) {
    return Refused("its signature has another length");
  }
  if (!cjose_jws_verify(jws.get(), key->second.key.get(), nullptr)) return Refused("its signature does not verify");

  uint8_t* payload = nullptr;
  size_t size = 0;
  if (!cjose_jws_get_plaintext(jws.get(), &payload, &size, nullptr)) return Refused("no claims");
  const json claims = json::parse(payload, payload + size, nullptr, /*allow_exceptions=*/false);
  ASSIGN_OR_RETURN(Verified verified, ReadClaims(claims, now));
  auto identity = std::make_shared<const Identity>(std::move(verified.identity));
  state_->cache.Add(hash, identity, verified.not_before, verified.expires, now);
  return identity;
}

}  // namespace tributary::auth
