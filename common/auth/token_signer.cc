#include <utility>

#include "common/auth/jose.h"
#include "common/auth/tokens.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::auth {
namespace {
using nlohmann::json;
}  // namespace

struct TokenSigner::State {
  jose::Key key;
  std::string kid;
};

TokenSigner::TokenSigner() : state_(std::make_unique<State>()) {}
TokenSigner::~TokenSigner() = default;

absl::StatusOr<std::unique_ptr<TokenSigner>> TokenSigner::FromJwk(std::string_view jwk_json) {
  // No message quotes the text: it is a secret.
  const json jwk = json::parse(jwk_json, nullptr, /*allow_exceptions=*/false);
  if (!jwk.is_object()) return InvalidField("jwk", "something else", "a JSON Web Key");
  if (jose::TextMember(jwk, "kty") != "EC" || jose::TextMember(jwk, "crv") != "P-256") {
    return InvalidField("jwk", "another kind of key", "kty EC and crv P-256");
  }
  if (jwk.contains("alg") && jose::TextMember(jwk, "alg") != "ES256") {
    return InvalidField("jwk.alg", jose::TextMember(jwk, "alg"), "ES256");
  }
  if (jose::TextMember(jwk, "d").empty()) return InvalidField("jwk", "a public key", "a private one");
  auto signer = std::unique_ptr<TokenSigner>(new TokenSigner);
  signer->state_->kid = jose::TextMember(jwk, "kid");
  if (signer->state_->kid.empty()) return InvalidField("jwk.kid", "", "a key id");
  signer->state_->key.reset(cjose_jwk_import(jwk_json.data(), jwk_json.size(), nullptr));
  if (signer->state_->key == nullptr) return InvalidField("jwk", "a key that cannot be read", "a JSON Web Key");
  return signer;
}

absl::StatusOr<std::string> TokenSigner::Sign(const Identity& identity, absl::Time now, absl::Duration lifetime) const {
  const int64_t seconds = absl::ToUnixSeconds(now);
  json claims = {{"iss", kIssuer},        {"aud", kAudience}, {"sub", identity.subject},
                 {"iat", seconds},        {"nbf", seconds},   {"exp", seconds + absl::ToInt64Seconds(lifetime)},
                 {"roles", json::array()}};
  for (const api::v1::Role role : identity.roles) claims["roles"].push_back(api::v1::Role_Name(role));
  if (!identity.partner.empty()) claims["partner"] = identity.partner;
  const std::string text = claims.dump(-1, ' ', false, json::error_handler_t::replace);

  const jose::Header header(cjose_header_new(nullptr));
  cjose_err error{};
  if (header == nullptr || !cjose_header_set(header.get(), CJOSE_HDR_ALG, CJOSE_HDR_ALG_ES256, &error) ||
      !cjose_header_set(header.get(), CJOSE_HDR_KID, state_->kid.c_str(), &error) ||
      !cjose_header_set(header.get(), "typ", "JWT", &error)) {
    return Error(Reason::kInternal, "cannot make a token's header");
  }
  const jose::Jws jws(cjose_jws_sign(state_->key.get(), header.get(), reinterpret_cast<const uint8_t*>(text.data()),
                                     text.size(), &error));
  const char* token = nullptr;  // owned by jws
  if (jws == nullptr || !cjose_jws_export(jws.get(), &token, &error)) {
    return Error(Reason::kInternal,
                 StrCat("cannot sign a token: ", error.message == nullptr ? "unknown" : error.message));
  }
  return std::string(token);
}

absl::StatusOr<TokenSigner::KeyPair> TokenSigner::NewKeyPair(std::string_view kid) {
  if (kid.empty()) return InvalidField("kid", "", "a key id");
  cjose_err error{};
  const jose::Key key(cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error));
  if (key == nullptr || !cjose_jwk_set_kid(key.get(), kid.data(), kid.size(), &error)) {
    return Error(Reason::kInternal, "cannot make a key");
  }
  const jose::Text private_text(cjose_jwk_to_json(key.get(), /*priv=*/true, &error));
  const jose::Text public_text(cjose_jwk_to_json(key.get(), /*priv=*/false, &error));
  if (private_text == nullptr || public_text == nullptr) return Error(Reason::kInternal, "cannot write a key");
  json private_jwk = json::parse(private_text.get(), nullptr, false);
  json public_jwk = json::parse(public_text.get(), nullptr, false);
  for (json* jwk : {&private_jwk, &public_jwk}) {
    (*jwk)["alg"] = "ES256";
    (*jwk)["use"] = "sig";
  }
  return KeyPair{private_jwk.dump(), json{{"keys", json::array({public_jwk})}}.dump()};
}

}  // namespace tributary::auth
