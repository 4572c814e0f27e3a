#pragma once

// Signed tokens (JWT by libcjose): RS256, PS256 and ES256 only, the key bound to its algorithm, `kid` pinned; `iss`,
// `aud`, `exp` and `nbf` checked. Claims of ours: `roles` (names of tributary.api.v1.Role), `partner` (a partner id,
// required with and only with PARTNER_USER).

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/identity.h"

namespace tributary::auth {

inline constexpr std::string_view kIssuer = "tributary";
inline constexpr std::string_view kAudience = "tributary";

// Thread-safe.
class TokenVerifier {
 public:
  // `jwks_json` is a JWK set of public keys, each with kid and alg.
  static absl::StatusOr<std::unique_ptr<TokenVerifier>> FromJwks(std::string_view jwks_json);
  ~TokenVerifier();

  // The identity, or UNAUTHENTICATED (kUnauthenticated, kTokenExpired). A verified token is remembered by its hash
  // until it expires, so that the second look costs a hash. `token` is without "Bearer ".
  absl::StatusOr<std::shared_ptr<const Identity>> Verify(std::string_view token, absl::Time now) const;

 private:
  TokenVerifier();
  struct State;
  std::unique_ptr<State> state_;
};

// Makes tokens, for development keys, tests and processes among themselves. Thread-safe.
class TokenSigner {
 public:
  // `jwk_json` is a private ES256 key with kid.
  static absl::StatusOr<std::unique_ptr<TokenSigner>> FromJwk(std::string_view jwk_json);
  ~TokenSigner();

  absl::StatusOr<std::string> Sign(const Identity& identity, absl::Time now, absl::Duration lifetime) const;

  // A new ES256 key pair: the private JWK, and the JWK set with its public half.
  struct KeyPair {
    std::string private_jwk;
    std::string public_jwks;
  };
  static absl::StatusOr<KeyPair> NewKeyPair(std::string_view kid);

 private:
  TokenSigner();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tributary::auth
